// The files of one segmented image, each written some rows at a time.
import { UnsupportedError, type NucleusClass, type Point, type RawMaps } from '@hovernet/core';
import { formatNpyHeader } from '@hovernet/files/internal';
import { encodeNpz, writeFileAtomic } from '@hovernet/files/node';
import { type FileContent } from '@hovernet/files/node';
import { encodePngRows, type Palette } from '@hovernet/files';
import { encodeNiftiRows, encodeNucleiText, indexLabelColors, labelPalette, renderOverlay } from '@hovernet/export';
import type { MergedImage } from '../blocks/merge-block.js';
import type { ImageSource } from '../images/image-source.js';
import type { OutputFiles, OutputName } from './name-outputs.js';
import { listStrips, readLabels, readTypes, type StripsOptions } from './read-strips.js';

export interface SegmentedImage {
  readonly source: ImageSource;
  readonly merged: MergedImage;
  readonly classes: readonly NucleusClass[];
  readonly mpp: number | null;
  /** Needed for the output `raw` only. */
  readonly rawMaps?: RawMaps | undefined;
}

export interface WrittenOutputs {
  readonly files: OutputFiles;
  /** A sentence for each file that could not be written because its format cannot hold the result. */
  readonly warnings: readonly string[];
}

/** Lines reach this far beyond a nucleus' box. */
const lineReachPx = 4;
const fallbackColor = [0, 255, 0] as const;

/**
 * Writes the files that `files` names, each atomically; the nuclei's document last.
 * @throws FileError for a file that cannot be written; HovernetError INTERRUPTED when `signal` is aborted.
 */
export async function writeOutputs(
  image: SegmentedImage,
  files: OutputFiles,
  signal: AbortSignal,
): Promise<WrittenOutputs> {
  const { height, width } = image.source;
  const strips = { height, width, signal };
  const all = Object.entries(files) as [OutputName, string][];
  const warnings = new Map<OutputName, string>();
  const write = async ([name, path]: [OutputName, string]): Promise<void> => {
    try {
      await writeFileAtomic(path, encodeOutput(name, image, strips));
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      warnings.set(name, `${path}: not written (${error.message})`);
    }
  };
  // Compression runs in threads of its own: the files are written side by side, and nothing is left under way where one fails.
  const others = await Promise.allSettled(all.filter(([name]) => name !== 'nuclei').map(write));
  const failed = others.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  if (files.nuclei !== undefined) await write(['nuclei', files.nuclei]);
  return {
    files: Object.fromEntries(all.filter(([name]) => !warnings.has(name))),
    warnings: all.flatMap(([name]) => warnings.get(name) ?? []),
  };
}

function encodeOutput(name: OutputName, image: SegmentedImage, strips: StripsOptions): FileContent {
  const { merged, classes, mpp } = image;
  const { height, width } = strips;
  const size = { height, width };
  switch (name) {
    case 'instance_map':
      return encodeNiftiRows({ ...size, kind: 'label', mpp }, readLabels(merged, strips));
    case 'type_map':
      return encodeNiftiRows({ ...size, kind: 'type', mpp }, readTypes(merged, strips));
    case 'instance_map_npy':
      return encodeNpyRows(strips, readLabels(merged, strips));
    case 'type_map_npy':
      return encodeNpyRows(strips, readTypes(merged, strips));
    case 'instance_map_png':
      return encodePngRows({ ...size, kind: 'grey16' }, readLabels(merged, strips));
    case 'type_map_png':
      return encodePngRows({ ...size, kind: 'palette', palette: createPalette(classes) }, readTypes(merged, strips));
    case 'instance_colors':
      return encodePngRows({ ...size, kind: 'palette', palette: labelPalette }, colorLabels(merged, strips));
    case 'nuclei':
      return encodeNucleiText({ ...size, mpp, classes }, merged.nuclei.listTexts());
    case 'overlay':
      return encodePngRows({ ...size, kind: 'rgb' }, drawOverlay(image, strips));
    case 'raw':
      return encodeRaw(image.rawMaps!);
  }
}

/** int32 `[height, width]`, as `hovernet postprocess` writes its maps. */
async function* encodeNpyRows(
  { height, width }: StripsOptions,
  rows: AsyncIterable<Int32Array | Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield formatNpyHeader('int32', [height, width]);
  for await (const chunk of rows) {
    const values = chunk instanceof Int32Array ? chunk : Int32Array.from(chunk);
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
}

async function* colorLabels(merged: MergedImage, strips: StripsOptions): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const ids of readLabels(merged, strips)) yield indexLabelColors(ids);
}

/** Black for background, then the colours of the classes. */
function createPalette(classes: readonly NucleusClass[]): Palette {
  const length = 1 + Math.max(0, ...classes.map(({ id }) => id));
  return Array.from({ length }, (_, id) =>
    id === 0 ? [0, 0, 0] : (classes.find((known) => known.id === id)?.color ?? fallbackColor),
  );
}

async function* drawOverlay(
  { source, merged, classes }: SegmentedImage,
  strips: StripsOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const [y0, y1] of listStrips(strips)) {
    const image = await source.read([0, y0, strips.width, y1]);
    const records = await merged.nuclei.findRecords(y0 - lineReachPx, y1 + lineReachPx);
    const nuclei = records.map(({ contour, type }) => ({
      type,
      contour: contour.map(([x, y]): Point => [x, y - y0]),
    }));
    yield renderOverlay(image, nuclei, classes, { fallbackColor }).data;
  }
}

function encodeRaw(rawMaps: RawMaps): Uint8Array {
  const arrays = Object.entries(rawMaps).flatMap(([key, map]) =>
    map ? [[key, { dtype: 'float32', shape: map.shape, data: map.data }] as const] : [],
  );
  return encodeNpz(new Map(arrays));
}
