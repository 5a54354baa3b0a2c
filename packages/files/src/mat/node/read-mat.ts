// MATLAB files on disk.
import type { ReadLimits } from '../../memory-budget.js';
import { readFileBytes, readFileStart } from '../../node/read-file-bytes.js';
import { decodeMat, isHdf5 } from '../decode-mat.js';
import type { MatValue } from '../mat-value.js';
import { readMat73 } from './decode-mat73.js';

/** Bytes that say which version a file has. */
const startBytes = 520;

/**
 * Reads the variables of the MATLAB file at `path` by name: versions 4 and 5 (save -v4, -v6, -v7, scipy.io.savemat) of both
 * byte orders, compressed or not, in the order of the file; version 7.3 (HDF5), in alphabetical order, where the package
 * h5wasm is installed. Objects of `classdef` classes (string, table) are named, not read.
 * @throws FileError if it is missing, truncated, damaged, no MAT file, or takes more than `maxBytes`; UnsupportedError for
 * version 7.3 without h5wasm, and for VAX and Cray numbers.
 */
export async function readMat(path: string, limits: ReadLimits = {}): Promise<Map<string, MatValue>> {
  // Files of version 7.3 may be larger than what can be read at once.
  if (isHdf5(await readFileStart(path, startBytes))) return readMat73(path, limits);
  return decodeMat(await readFileBytes(path), path, limits);
}
