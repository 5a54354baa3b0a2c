// NumPy's .npz files: a zip archive of .npy files.
import { zipSync } from 'fflate';
import { readFileBytes } from '../files/read-file-bytes.js';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import type { NumericArray } from '../numeric-array.js';
import { decodeNpy, encodeNpy } from './npy.js';
import { readZip } from './read-zip.js';

/**
 * Reads every array of the .npz file at `path`, by name, in the order of the archive.
 * @throws FileError if it is missing, damaged or no archive; UnsupportedError for arrays that are not numeric.
 */
export async function readNpz(path: string): Promise<Map<string, NumericArray>> {
  return decodeNpz(await readFileBytes(path), path);
}

/** {@link readNpz} over the bytes of a file; `source` names it in errors. Entries that are no .npy files are left out. */
export function decodeNpz(bytes: Uint8Array, source: string): Map<string, NumericArray> {
  const arrays = new Map<string, NumericArray>();
  for (const [name, content] of readZip(bytes, source)) {
    if (name.endsWith('.npy')) arrays.set(name.slice(0, -4), decodeNpy(content, `${source} (${name})`));
  }
  return arrays;
}

/** Writes `arrays` to `path`, deflated, atomically. The same arrays give the same bytes. */
export async function writeNpz(path: string, arrays: ReadonlyMap<string, NumericArray>): Promise<void> {
  await writeFileAtomic(path, encodeNpz(arrays));
}

/** The bytes of an .npz file with `arrays`, deflated. */
export function encodeNpz(arrays: ReadonlyMap<string, NumericArray>): Uint8Array {
  const entries = [...arrays].map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const);
  // 1980 is the earliest date that zip can say; a fixed one keeps the bytes reproducible.
  return zipSync(Object.fromEntries(entries), { level: 6, mtime: new Date(1980, 0, 1) });
}
