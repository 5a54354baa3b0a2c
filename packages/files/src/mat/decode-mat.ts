// MATLAB files in memory: which version a file is, and its variables.
import { FileError, UnsupportedError } from '@hovernet/core';
import { createFileBudget, type ReadLimits } from '../memory-budget.js';
import { decodeMat4 } from './decode-mat4.js';
import { decodeMat5 } from './decode-mat5.js';
import type { MatValue } from './mat-value.js';

const hdf5Signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** The signature follows MATLAB's text, or opens the file. */
const hdf5Offsets = [0, 512];

/**
 * The variables by name of the MATLAB file `bytes`: versions 4 and 5 (save -v4, -v6, -v7, scipy.io.savemat) of both byte orders,
 * compressed or not, in the order of the file. Arrays may share the memory of `bytes`. `source` names the file in errors.
 * @throws FileError if it is truncated, damaged, no MAT file, or takes more than `maxBytes`; UnsupportedError for version 7.3,
 * and for VAX and Cray numbers.
 */
export function decodeMat(bytes: Uint8Array, source: string, limits: ReadLimits = {}): Map<string, MatValue> {
  if (isHdf5(bytes)) throw new UnsupportedError(`${source}: MAT v7.3 (HDF5) is read from files only; use readMat`);
  if (bytes.length < 20) throw new FileError(source, 'not a MAT file, or truncated; copy or save it again');
  const budget = createFileBudget(source, bytes.length, limits);
  // A v5 file opens with text; one of the first four bytes of a v4 file is zero.
  if (bytes.subarray(0, 4).includes(0)) return decodeMat4(bytes, budget);
  const mark = new TextDecoder('latin1').decode(bytes.subarray(126, 128));
  if (mark !== 'IM' && mark !== 'MI') {
    throw new FileError(source, 'not a MAT file; save it with save -v7 or scipy.io.savemat');
  }
  return decodeMat5(bytes, budget);
}

/** Whether `bytes`, the first 520 or more of a file, begin as HDF5 does. */
export function isHdf5(bytes: Uint8Array): boolean {
  return hdf5Offsets.some((at) => hdf5Signature.every((byte, index) => bytes[at + index] === byte));
}
