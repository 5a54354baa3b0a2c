// Files of results back to nuclei, whatever format they have.
import { createLabelMap, createNucleusTable, FileError, UnsupportedError, type NucleusClass } from '@hovernet/core';
import { decodeMat, decodeNpy } from '@hovernet/files';
import { decodeLabelTiff } from '@hovernet/files/internal';
import { readFileBytes, readMat } from '@hovernet/files/node';
import { gunzipSync } from 'fflate';
import type { ImageDescription } from '../nuclei-document.js';
import { parseNuclei } from '../parse-nuclei.js';
import { describeLabels, parseMat } from '../read/label-nuclei.js';
import type { NucleiFile } from '../read/nuclei-file.js';
import { parseGeojson } from '../read/parse-geojson.js';
import { parseHoverNet } from '../read/parse-hover-net.js';
import { parseTable } from '../read/parse-table.js';

export interface ReadNucleiOptions {
  /** Classes of files that do not say them; GeoJSON must name no others. */
  readonly classes?: readonly NucleusClass[] | undefined;
  /** The image, at whose border GeoJSON is cut off. */
  readonly image?: ImageDescription | undefined;
}

/** Extensions of the files that {@link readNuclei} reads; each also with `.gz`. */
export const nucleiExtensions = ['.json', '.geojson', '.geojsonl', '.csv', '.tsv', '.mat', '.tif', '.tiff', '.npy'];

/**
 * The nuclei in the file at `path`: our JSON, GeoJSON (a document, or a feature a line), hover_net's JSON and MAT, CSV and TSV, label
 * maps as TIFF and NPY; compressed too if it ends in `.gz`. Reads the whole file into memory.
 * @throws FileError that names what is wrong; UnsupportedError for other extensions.
 */
export async function readNuclei(path: string, options: ReadNucleiOptions = {}): Promise<NucleiFile> {
  const extension = /\.[^./\\]+$/.exec(path.toLowerCase().replace(/\.gz$/, ''))?.[0] ?? '';
  if (!nucleiExtensions.includes(extension)) {
    const expected = nucleiExtensions.join(', ');
    throw new UnsupportedError(`${path}: expected a file of nuclei (${expected}), got '${extension}'`);
  }
  const { classes } = options;
  const bytes = await readBytes(path);
  switch (extension) {
    case '.json':
    case '.geojson':
    case '.geojsonl':
      return parseDocument(bytes, path, options);
    case '.csv':
    case '.tsv':
      return parseTable(new TextDecoder().decode(bytes), { path, classes });
    case '.mat':
      return parseMat(path.endsWith('.gz') ? decodeMat(bytes, path) : await readMat(path), { path, classes });
    case '.npy': {
      const { shape, data } = decodeNpy(bytes, path);
      if (shape.length !== 2) throw new FileError(path, `expected an array [height, width], got [${shape.join(', ')}]`);
      return describeLabels(createLabelMap(shape[0]!, shape[1]!, Int32Array.from(data as Int32Array, Number)), null);
    }
    default:
      return describeLabels(decodeLabelTiff(bytes, path), null);
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  const bytes = await readFileBytes(path);
  if (!/\.gz$/i.test(path)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new FileError(path, 'no gzip file, or damaged', { cause });
  }
}

/** Which of the JSON formats it is, its content tells. */
function parseDocument(bytes: Uint8Array, path: string, { classes, image }: ReadNucleiOptions): NucleiFile {
  const document = /\.geojsonl(?:\.gz)?$/i.test(path) ? parseLines(bytes, path) : parseJson(bytes, path);
  const { schema, nuc } = (document ?? {}) as { schema?: unknown; nuc?: unknown };
  if (nuc !== undefined) return parseHoverNet(document, { path, classes });
  if (schema === undefined) return parseGeojson(document, { path, classes, image });
  const parsed = parseNuclei(document, { path });
  const isTyped =
    parsed.nuclei.some(({ type }) => type !== null) || (parsed.nuclei.length === 0 && parsed.classes.length > 0);
  const nuclei = [...parsed.nuclei].sort((a, b) => a.id - b.id);
  return { image: parsed.image, classes: parsed.classes, isTyped, table: createNucleusTable(nuclei, { isTyped }) };
}

/** A document of ours has a feature a line: it may be longer than the longest text. */
function parseJson(bytes: Uint8Array, path: string): unknown {
  try {
    if (bytes.length < 2 ** 28) return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FileError(path, 'no JSON, or truncated', { cause });
  }
  const head = new TextDecoder().decode(bytes.subarray(0, 2 ** 16)).split('\n', 1)[0]!;
  if (!head.endsWith('"features":[')) throw new UnsupportedError(`${path}: JSON of 256 MiB and more is not read`);
  const start = new TextEncoder().encode(head).length;
  return { ...(JSON.parse(`${head}]}`) as object), features: parseLines(bytes.subarray(start), path) };
}

/** A value a line; lines may end with a comma, and the last one closes the document. */
function parseLines(bytes: Uint8Array, path: string): unknown[] {
  const values: unknown[] = [];
  const decoder = new TextDecoder();
  for (let start = 0, number = 1; start < bytes.length; number++) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    const line = decoder.decode(bytes.subarray(start, end)).trim().replace(/,$/, '');
    start = end + 1;
    if (line === '' || line === ']}') continue;
    try {
      values.push(JSON.parse(line));
    } catch (cause) {
      throw new FileError(path, `line ${number}: no JSON`, { cause });
    }
  }
  return values;
}
