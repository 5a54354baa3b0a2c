// Writing of MAT v5 files, compressed as save -v7 does.
import { deflateSync } from 'node:zlib';
import { ArgumentError } from '@hovernet/core';
import { writeFileAtomic } from '../../node/write-file-atomic.js';
import { encodeMatrix, encodeTag } from './encode-mat5.js';
import type { MatValue } from '../mat-value.js';

const compressedType = 15;

/** Options of {@link writeMat} and {@link encodeMat}. */
export interface EncodeMatOptions {
  /** Whether to deflate the variables. @default true */
  readonly compress?: boolean;
}

/** Writes `variables` to `path` as a little-endian MAT v5 file, atomically. Throws as {@link encodeMat}. */
export async function writeMat(
  path: string,
  variables: ReadonlyMap<string, MatValue>,
  options: EncodeMatOptions = {},
): Promise<void> {
  await writeFileAtomic(path, encodeMat(variables, options));
}

/**
 * The bytes of a MAT v5 file. Arrays of fewer than two axes become rows, as in SciPy; bool becomes logical, float16 single,
 * numbers of sparse matrices double, text UTF-16.
 * @throws ArgumentError if a name is not a MATLAB name (a letter, then letters, digits, underscores, 63 at most), or for
 * objects and functions; UnsupportedError for variables of 4 GiB.
 */
export function encodeMat(variables: ReadonlyMap<string, MatValue>, options: EncodeMatOptions = {}): Uint8Array {
  const header = Buffer.alloc(128, ' ', 'latin1');
  header.write('MATLAB 5.0 MAT-file, written by @hovernet/data', 'latin1');
  header.fill(0, 116, 124);
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  const matrices = Array.from(variables, ([name, value]) => {
    if (!/^[A-Za-z]\w{0,62}$/.test(name)) {
      throw new ArgumentError(`encodeMat: '${name}' is no name of a MATLAB variable`);
    }
    const matrix = encodeMatrix(name, value);
    return options.compress === false ? matrix : compressElement(matrix);
  });
  return Buffer.concat([header, ...matrices]);
}

function compressElement(element: Uint8Array): Buffer {
  const deflated = deflateSync(element);
  return Buffer.concat([encodeTag(compressedType, deflated.length), deflated]);
}
