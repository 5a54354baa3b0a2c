// NumPy's .npy files: one array each.
import { encodeHalfFloats, FileError } from '@hovernet/core';
import { readFileBytes } from '../files/read-file-bytes.js';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import { toRowMajor } from '../memory-order.js';
import {
  countElements,
  decodeElements,
  elementBytes,
  encodeElements,
  numbersPerElement,
  type NumericArray,
} from '../numeric-array.js';
import { formatNpyHeader, parseNpyHeader } from './npy-header.js';

/**
 * Reads the .npy file at `path`: versions 1.0 to 3.0, every numeric type, both byte orders, C or Fortran order.
 * @throws FileError if it is missing, truncated or no .npy file; UnsupportedError for objects, strings, structures.
 */
export async function readNpy(path: string): Promise<NumericArray> {
  return decodeNpy(await readFileBytes(path), path);
}

/**
 * {@link readNpy} over the bytes of a file; `source` names it in errors. The array may share the memory of `bytes`.
 * Bytes behind the last element are ignored, as NumPy does.
 */
export function decodeNpy(bytes: Uint8Array, source: string): NumericArray {
  const { dtype, littleEndian, fortranOrder, shape, dataOffset } = parseNpyHeader(bytes, source);
  const byteLength = countElements(shape) * elementBytes(dtype);
  // A shape whose product is no number is no shape.
  if (!(byteLength <= bytes.length - dataOffset)) {
    const got = bytes.length - dataOffset;
    throw new FileError(
      source,
      `truncated: ${byteLength} bytes expected for [${shape.join(', ')}] ${dtype}, got ${got}`,
    );
  }
  const data = decodeElements(bytes.subarray(dataOffset, dataOffset + byteLength), dtype, littleEndian);
  return { dtype, shape, data: fortranOrder ? toRowMajor(data, shape, numbersPerElement(dtype)) : data };
}

/** Writes `array` to `path` as NumPy does (version 1.0, C order, little endian), atomically. */
export async function writeNpy(path: string, array: NumericArray): Promise<void> {
  await writeFileAtomic(path, encodeNpy(array));
}

/**
 * The bytes that `numpy.save` writes for `array`, which must hold as many elements as its shape says.
 */
export function encodeNpy(array: NumericArray): Uint8Array {
  const header = formatNpyHeader(array.dtype, array.shape);
  const stored = array.dtype === 'float16' ? encodeHalfFloats(array.data as Float32Array) : array.data;
  const elements = encodeElements(stored);
  const bytes = new Uint8Array(header.length + elements.length);
  bytes.set(header);
  bytes.set(elements, header.length);
  return bytes;
}
