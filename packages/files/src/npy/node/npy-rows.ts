// Single rows of .npy files that may be larger than the memory: only what is asked for is read.
import { FileError, UnsupportedError } from '@hovernet/core';
import { readExactly, withFile } from '../../node/read-file-bytes.js';
import { parseNpyHeader } from '../npy-header.js';
import { countElements, decodeElements, elementBytes, type NumericArray } from '../../numeric-array.js';

/** An array on disk, read along its first axis. */
export interface NpyRows {
  readonly path: string;
  readonly shape: readonly number[];
  /** Row `index`, an array with one axis less. */
  read(index: number): Promise<NumericArray>;
}

/** Headers are shorter in all files but those of structures, which are refused anyway. */
const headerBytes = 2 ** 16;

/**
 * Opens the .npy file at `path`, which holds one axis at least, in C order.
 * @throws FileError if it is missing, truncated or no .npy file; UnsupportedError for Fortran order and for objects, text and
 * structures; `read`: FileError if it cannot be read any more.
 */
export async function openNpyRows(path: string): Promise<NpyRows> {
  const { start, size } = await withFile(path, async (file, size) => {
    return { start: await readExactly(file, { path, position: 0, length: Math.min(headerBytes, size) }), size };
  });
  const { dtype, littleEndian, fortranOrder, shape, dataOffset } = parseNpyHeader(start, path);
  const [length, ...rowShape] = shape;
  if (length === undefined) throw new FileError(path, 'expected an array of several images, got a single number');
  if (fortranOrder) {
    throw new UnsupportedError(
      `${path}: expected an array in C order, got Fortran order; save numpy.ascontiguousarray`,
    );
  }
  const rowBytes = countElements(rowShape) * elementBytes(dtype);
  if (!(length * rowBytes <= size - dataOffset)) {
    const got = size - dataOffset;
    throw new FileError(
      path,
      `truncated: ${length * rowBytes} bytes expected for [${shape.join(', ')}] ${dtype}, got ${got}`,
    );
  }
  return {
    path,
    shape,
    read: async (index) => {
      const range = { path, position: dataOffset + index * rowBytes, length: rowBytes };
      const bytes = await withFile(path, (file) => readExactly(file, range));
      return { dtype, shape: rowShape, data: decodeElements(bytes, dtype, littleEndian) };
    },
  };
}
