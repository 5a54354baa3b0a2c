// The result of an image in files, each written some rows at a time.
import { UnsupportedError, type NucleiSink, type SegmentedImage } from '@hovernet/core';
import { writeFileAtomic } from '@hovernet/files/node';
import type { FormatFile, ResultFormat, ResultOrigin } from '../formats/format.js';
import { listFormatFiles } from '../formats/registry.js';

/** Paths by what the files hold: names of {@link FormatFile}. */
export type ResultFiles = Readonly<Record<string, string>>;

/** A sink that says what it wrote. */
export interface FileSink extends NucleiSink {
  /** Known once it is finished; files whose format cannot hold the result are left out. */
  readonly files: ResultFiles;
  /** A sentence for each file that was left out. */
  readonly warnings: readonly string[];
}

/** Paths of the files of a result whose paths begin with `base`. */
export function listResultFiles(
  base: string,
  { formats, isTyped }: { readonly formats: readonly ResultFormat[]; readonly isTyped: boolean },
): ResultFiles {
  return Object.fromEntries(listFormatFiles(formats, isTyped).map(({ name, ending }) => [name, base + ending]));
}

/**
 * Writes a result in `formats` to files whose paths begin with `base`, each whole or not at all, when all nuclei are known.
 * `finish` throws FileError for a file that cannot be written.
 */
export function openFileSink(base: string, formats: readonly ResultFormat[]): FileSink {
  const files: Record<string, string> = {};
  const warnings: string[] = [];
  return {
    files,
    warnings,
    needsRawMaps: formats.some(({ needsRawMaps = false }) => needsRawMaps),
    begin: () => Promise.resolve(),
    committed: () => Promise.resolve(new Set()),
    commit: () => Promise.resolve(),
    async finish(image, provenance) {
      const origin = { name: base.replace(/^.*[\\/]/, ''), provenance };
      const written = await writeFormats(image, formats, { pathOf: ({ ending }) => base + ending, origin });
      Object.assign(files, written.files);
      warnings.push(...written.warnings);
    },
    abort: () => Promise.resolve(),
  };
}

/**
 * Writes `image` in `formats`, each file whole or not at all. A file whose format cannot hold the result is left out, with a warning.
 * @throws FileError for a file that cannot be written; what reading the image throws.
 */
export async function writeFormats(
  image: SegmentedImage,
  formats: readonly ResultFormat[],
  { pathOf, origin }: { readonly pathOf: (file: FormatFile) => string; readonly origin: ResultOrigin },
): Promise<Pick<FileSink, 'files' | 'warnings'>> {
  const written = new Map<string, string>();
  const left = new Map<string, string>();
  const write = async (file: FormatFile): Promise<void> => {
    const path = pathOf(file);
    try {
      await writeFileAtomic(path, file.encode(image, origin));
      written.set(file.name, path);
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      left.set(file.name, `${path}: not written (${error.message})`);
    }
  };
  // Compression runs in threads of its own: files are written side by side, and none is under way when one fails.
  for (const isLast of [false, true]) {
    const turn = formats.filter((format) => (format.isLast ?? false) === isLast);
    throwFirst(await Promise.allSettled(listFormatFiles(turn, image.isTyped).map(write)));
  }
  const names = listFormatFiles(formats, image.isTyped).map(({ name }) => name);
  const done = names.filter((name) => written.has(name));
  return {
    files: Object.fromEntries(done.map((name) => [name, written.get(name)!])),
    warnings: names.filter((name) => left.has(name)).map((name) => left.get(name)!),
  };
}

function throwFirst(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
