// MATLAB files: which version a file is, and its variables.
import { FileError, UnsupportedError } from '@hovernet/core';
import { readFileBytes } from '../files/read-file-bytes.js';
import { decodeMat4 } from './decode-mat4.js';
import { decodeMat5 } from './decode-mat5.js';
import type { MatValue } from './mat-value.js';

/**
 * Reads the variables of the MATLAB file at `path` by name, in the order of the file: versions 4 and 5 (save -v4, -v6, -v7,
 * scipy.io.savemat), both byte orders, compressed or not.
 * @throws FileError if it is missing, truncated, damaged or no MAT file; UnsupportedError for version 7.3 (HDF5).
 */
export async function readMat(path: string): Promise<Map<string, MatValue>> {
  return decodeMat(await readFileBytes(path), path);
}

/** {@link readMat} over the bytes of a file; `source` names it in errors. Arrays may share the memory of `bytes`. */
export function decodeMat(bytes: Uint8Array, source: string): Map<string, MatValue> {
  if (isHdf5(bytes)) {
    throw new UnsupportedError(
      `${source}: MAT v7.3 (HDF5) is not supported; save it with save -v7 or scipy.io.savemat`,
    );
  }
  if (bytes.length < 20) throw new FileError(source, 'not a MAT file, or truncated; copy or save it again');
  // A v5 file opens with text; one of the first four bytes of a v4 file is zero.
  if (bytes.subarray(0, 4).includes(0)) return decodeMat4(bytes, source);
  const mark = new TextDecoder('latin1').decode(bytes.subarray(126, 128));
  if (mark !== 'IM' && mark !== 'MI') {
    throw new FileError(source, 'not a MAT file; save it with save -v7 or scipy.io.savemat');
  }
  return decodeMat5(bytes, source);
}

function isHdf5(bytes: Uint8Array): boolean {
  const signature = [0x89, 0x48, 0x44, 0x46];
  return [0, 512].some((at) => signature.every((byte, index) => bytes[at + index] === byte));
}
