// NumPy's .npy files on disk.
import { readFileBytes } from '../../node/read-file-bytes.js';
import { writeFileAtomic } from '../../node/write-file-atomic.js';
import type { NumericArray } from '../../numeric-array.js';
import { decodeNpy, encodeNpy } from '../npy.js';

/**
 * Reads the .npy file at `path`: versions 1.0 to 3.0, every numeric type, both byte orders, C or Fortran order.
 * @throws FileError if it is missing, truncated or no .npy file; UnsupportedError for objects, strings, structures.
 */
export async function readNpy(path: string): Promise<NumericArray> {
  return decodeNpy(await readFileBytes(path), path);
}

/** Writes `array` to `path` as NumPy does (version 1.0, C order, little endian), atomically. */
export async function writeNpy(path: string, array: NumericArray): Promise<void> {
  await writeFileAtomic(path, encodeNpy(array));
}
