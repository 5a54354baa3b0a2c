// NumPy's .npz files on disk.
import type { ReadLimits } from '../../memory-budget.js';
import { readFileBytes } from '../../node/read-file-bytes.js';
import { writeFileAtomic } from '../../node/write-file-atomic.js';
import type { NumericArray } from '../../numeric-array.js';
import { decodeNpz, type NamedArrays } from '../decode-npz.js';
import { encodeNpz } from '../encode-npz.js';

/**
 * Reads every array of the .npz file at `path`, by name, in the order of the archive.
 * @throws FileError if it is missing, damaged, no archive, or takes more than `maxBytes`; UnsupportedError for arrays that
 * are not numeric.
 */
export async function readNpz(path: string, limits: ReadLimits = {}): Promise<Map<string, NumericArray>> {
  return decodeNpz(await readFileBytes(path), path, limits);
}

/** Writes `arrays` to `path`, deflated, atomically. The same arrays give the same bytes. */
export async function writeNpz(path: string, arrays: NamedArrays): Promise<void> {
  await writeFileAtomic(path, await encodeNpz(arrays));
}
