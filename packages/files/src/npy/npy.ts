// NumPy's .npy files: one array each.
import { encodeHalfFloats, FileError } from '@hovernet/core';
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
 * The array of the .npy file `bytes`: versions 1.0 to 3.0, every numeric type, both byte orders, C or Fortran order. It may
 * share the memory of `bytes`; bytes behind the last element are ignored, as NumPy does. `source` names the file in errors.
 * @throws FileError if it is truncated or no .npy file; UnsupportedError for objects, strings, structures.
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

/**
 * The bytes that `numpy.save` writes for `array`, which must hold as many elements as its shape says.
 */
export function encodeNpy(array: NumericArray): Uint8Array<ArrayBuffer> {
  const header = formatNpyHeader(array.dtype, array.shape);
  const stored = array.dtype === 'float16' ? encodeHalfFloats(array.data as Float32Array) : array.data;
  const elements = encodeElements(stored);
  const bytes = new Uint8Array(header.length + elements.length);
  bytes.set(header);
  bytes.set(elements, header.length);
  return bytes;
}
