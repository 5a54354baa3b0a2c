// Element types of weight files: their size, and how little-endian bytes become the array that holds their values and back.
import { decodeHalfFloats, encodeHalfFloats } from '@hovernet/core';
import { widenBfloat16, type StoredArrays, type StoredDtype } from './stored-tensor.js';

type StoredData = StoredArrays[StoredDtype];

interface ArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, offset: number, count: number): StoredData;
}

export interface ElementType {
  /** Bytes of an element in the file. */
  readonly bytes: number;
  /** Class of the array that holds the values. */
  readonly array: ArrayConstructor;
  /** For types that JavaScript has no arrays of: their bit patterns to values and back. */
  readonly halves?: {
    readonly widen: (bits: Uint16Array) => Float32Array;
    readonly narrow: (values: Float32Array) => Uint16Array;
  };
}

export const elementTypes: Readonly<Record<StoredDtype, ElementType>> = {
  float64: { bytes: 8, array: Float64Array },
  float32: { bytes: 4, array: Float32Array },
  float16: { bytes: 2, array: Float32Array, halves: { widen: decodeHalfFloats, narrow: narrowFloat16 } },
  bfloat16: { bytes: 2, array: Float32Array, halves: { widen: widenBfloat16, narrow: narrowBfloat16 } },
  int64: { bytes: 8, array: BigInt64Array },
  uint64: { bytes: 8, array: BigUint64Array },
  int32: { bytes: 4, array: Int32Array },
  uint32: { bytes: 4, array: Uint32Array },
  int16: { bytes: 2, array: Int16Array },
  uint16: { bytes: 2, array: Uint16Array },
  int8: { bytes: 1, array: Int8Array },
  uint8: { bytes: 1, array: Uint8Array },
  bool: { bytes: 1, array: Uint8Array },
};

/** Whether elements can stay where they are in `bytes`: they are aligned, and JavaScript has arrays of their type. */
export function canView(dtype: StoredDtype, bytes: Uint8Array): boolean {
  const type = elementTypes[dtype];
  return !type.halves && bytes.byteOffset % type.bytes === 0;
}

/** The first `count` elements in `bytes`: a view where {@link canView}, else a new array. */
export function readElements(dtype: StoredDtype, bytes: Uint8Array, count: number): StoredData {
  const { bytes: size, array: ArrayOfType, halves } = elementTypes[dtype];
  // Not `slice`, which does not copy where `bytes` is a Node Buffer.
  const source = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes.subarray(0, count * size));
  const buffer = source.buffer as ArrayBuffer;
  if (halves) return halves.widen(new Uint16Array(buffer, source.byteOffset, count));
  return new ArrayOfType(buffer, source.byteOffset, count);
}

/** Little-endian bytes of `data`, a view where the values have an array of their own; halves are rounded to nearest. */
export function viewElementBytes(dtype: StoredDtype, data: StoredData): Uint8Array {
  const { halves } = elementTypes[dtype];
  const { buffer, byteOffset, byteLength } = halves ? halves.narrow(data as Float32Array) : data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** As `encodeHalfFloats`, but what is no number keeps its bits, so that widened values come back unchanged. */
function narrowFloat16(values: Float32Array): Uint16Array {
  const halves = encodeHalfFloats(values);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const payload = (bits[i]! >>> 13) & 0x3ff;
    if ((bits[i]! & 0x7fffffff) > 0x7f800000) halves[i] = (halves[i]! & 0xfc00) | (payload || 0x200);
  }
  return halves;
}

/** The upper halves, rounded to nearest, ties to even; what is no number keeps its upper bits. */
function narrowBfloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    const upper = word >>> 16;
    if ((word & 0x7fffffff) > 0x7f800000) halves[i] = word & 0x7f0000 ? upper : upper | 0x40;
    else halves[i] = (word + 0x7fff + (upper & 1)) >>> 16;
  }
  return halves;
}
