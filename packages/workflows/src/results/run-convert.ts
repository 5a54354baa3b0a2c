// The convert workflow: a file of nuclei into other formats.
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ArgumentError, UnsupportedError } from '@hovernet/core';
import {
  findFormats,
  formatNames,
  listFormatFiles,
  readNuclei,
  resultFormats,
  toSegmentedImage,
  writeFormats,
  type FormatFile,
  type NucleiFile,
  type ResultFormat,
} from '@hovernet/export/node';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { openPicture } from './open-picture.js';
import { readClasses } from './read-classes.js';

export interface ConvertOptions {
  /** A file of nuclei. */
  readonly resultPath: string;
  readonly formats: readonly string[];
  /** A file for a format of one file, or a folder; undefined for beside the result. */
  readonly out?: string | undefined;
  /** The image that the nuclei were found in. */
  readonly imagePath?: string | undefined;
  /** Micrometres per pixel, where the file does not say it. */
  readonly mpp?: number | undefined;
  /** Names and colours of classes, where the file does not say them. */
  readonly taxonomy?: string | undefined;
}

/**
 * Writes the nuclei of a file in other formats.
 * @throws FileError for a file that cannot be read or written; UnsupportedError where a format cannot hold the result.
 */
export async function runConvert(options: ConvertOptions, { reporter }: WorkflowContext): Promise<WorkflowOutcome> {
  const { resultPath, imagePath } = options;
  const formats = chooseFormats(options.formats, options.out);
  const classes = await readClasses(options.taxonomy);
  const file = withResolution(await readNuclei(resultPath, { classes }), options.mpp);
  for (const warning of file.warnings ?? []) reporter.message(warning);
  const picture = imagePath === undefined ? undefined : await openPicture(imagePath);
  try {
    const nuclei =
      picture === undefined
        ? file
        : { ...file, image: { ...file.image, width: picture.width, height: picture.height } };
    const image = toSegmentedImage(nuclei, picture);
    const name = nameResult(resultPath);
    const pathOf = await choosePaths(options, listFormatFiles(formats, image.isTyped), name);
    const { files, warnings } = await writeFormats(image, formats, { pathOf, origin: { name, provenance: null } });
    if (Object.keys(files).length === 0) throw new UnsupportedError(warnings[0] ?? `${resultPath}: nothing to write`);
    const count = file.table.count;
    return {
      document: { nuclei: count, files },
      summary: [`${count} nuclei`, ...Object.values(files)].join('\n'),
      failures: warnings,
    };
  } finally {
    await picture?.close();
  }
}

/** Formats by name; a file that ends in .gz gets that of compressed text. */
function chooseFormats(names: readonly string[], out: string | undefined): ResultFormat[] {
  const isCompressed = out !== undefined && /\.gz$/i.test(out);
  const known = formatNames.filter((name) => !name.startsWith('raw'));
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new ArgumentError(`--to: expected formats of ${known.join(', ')}, got '${name}'`);
  }
  return findFormats(names.map((name) => (isCompressed && known.includes(`${name}.gz`) ? `${name}.gz` : name)));
}

function withResolution(file: NucleiFile, mpp: number | undefined): NucleiFile {
  return mpp === undefined ? file : { ...file, image: { ...file.image, mpp } };
}

/** Name of the image that a file of results belongs to. */
function nameResult(path: string): string {
  const name = basename(path).replace(/\.gz$/i, '');
  const endings = listFormatFiles(resultFormats, true).map(({ ending }) => ending.replace(/\.gz$/, ''));
  const ending = endings.filter((known) => name.endsWith(known)).sort((a, b) => b.length - a.length)[0];
  return ending === undefined ? name.replace(/\.[^.]+$/, '') : name.slice(0, -ending.length);
}

async function choosePaths(
  { resultPath, out }: ConvertOptions,
  files: readonly FormatFile[],
  name: string,
): Promise<(file: FormatFile) => string> {
  const isFolder =
    out === undefined || /[\\/]$/.test(out) || ((await stat(out).catch(() => undefined))?.isDirectory() ?? false);
  if (!isFolder && files.length === 1) return () => out;
  if (!isFolder) throw new ArgumentError(`--out: expected a folder for ${files.length} files, got ${out}`);
  const folder = out ?? dirname(resultPath);
  const taken = files.map(({ ending }) => join(folder, name + ending)).find((path) => path === join(resultPath));
  if (taken !== undefined) throw new ArgumentError(`${resultPath}: is the result itself; give another --out`);
  return ({ ending }) => join(folder, name + ending);
}
