// Numeric arrays as files hold them: an element type, a shape, and the elements in C order.
import { decodeHalfFloats } from '@hovernet/core';

/** Element types that files store; the names are NumPy's. */
export type NumericDtype =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128';

/** Memory of the elements. */
export type NumericData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** An array of a file. */
export interface NumericArray {
  readonly dtype: NumericDtype;
  /** Length of each axis; `[]` for a scalar. */
  readonly shape: readonly number[];
  /** In C order. bool as 0 and 1, float16 widened to float32, complex as pairs real, imaginary. */
  readonly data: NumericData;
}

interface NumericDataConstructor {
  new (length: number): NumericData;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericData;
  readonly BYTES_PER_ELEMENT: number;
}

const constructors: Record<NumericDtype, NumericDataConstructor> = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float16: Float32Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
};

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Numbers that one element is made of: 2 for complex types, else 1. */
export function numbersPerElement(dtype: NumericDtype): 1 | 2 {
  return dtype.startsWith('complex') ? 2 : 1;
}

/** Bytes that one element takes in a file. */
export function elementBytes(dtype: NumericDtype): number {
  return dtype === 'float16' ? 2 : constructors[dtype].BYTES_PER_ELEMENT * numbersPerElement(dtype);
}

/** Number of elements of `shape`: the product of its axes, 1 for a scalar. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Zero-filled memory for `count` elements. */
export function createData(dtype: NumericDtype, count: number): NumericData {
  return new constructors[dtype](count * numbersPerElement(dtype));
}

/**
 * The elements that `bytes` hold, all of them (their length is a multiple of the element's).
 * Shares the memory of `bytes` where alignment and byte order allow it.
 */
export function decodeElements(bytes: Uint8Array, dtype: NumericDtype, littleEndian: boolean): NumericData {
  if (dtype === 'float16') return decodeHalfFloats(decodeElements(bytes, 'uint16', littleEndian) as Uint16Array);
  const Data = constructors[dtype];
  const width = Data.BYTES_PER_ELEMENT;
  const swap = width > 1 && littleEndian !== hostIsLittleEndian;
  const memory = swap || bytes.byteOffset % width !== 0 ? new Uint8Array(bytes) : bytes;
  if (swap) swapBytes(memory, width);
  return new Data(memory.buffer, memory.byteOffset, Math.floor(memory.byteLength / width));
}

/** The elements as little-endian bytes, sharing memory where the machine's byte order allows it. */
export function encodeElements(data: NumericData): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (hostIsLittleEndian || data.BYTES_PER_ELEMENT === 1) return bytes;
  const swapped = new Uint8Array(bytes);
  swapBytes(swapped, data.BYTES_PER_ELEMENT);
  return swapped;
}

/** Reverses each `width` bytes in place; what is left over stays. */
function swapBytes(bytes: Uint8Array, width: number): void {
  for (let start = 0; start + width <= bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}
