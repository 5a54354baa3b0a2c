// Plain data on its way between threads: ndarrays lose their views, memory is moved or shared, not copied.
import { toContiguous, type PixelArray } from '@hovernet/core';
import ndarray, { type NdArray } from 'ndarray';

/** What structured cloning takes, ndarrays replaced by {@link PackedArray}. */
export type PackedValue = unknown;

interface PackedArray {
  readonly packedShape: readonly number[];
  readonly data: PixelArray;
}

type View = PixelArray;

/** Packs plain data whose arrays go through `place`. */
function pack(value: unknown, place: (data: View) => View): PackedValue {
  if (isNdArray(value)) {
    const packed: PackedArray = { packedShape: value.shape, data: place(toContiguous(value)) };
    return packed;
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return place(value as View);
  if (Array.isArray(value)) return value.map((item) => pack(item, place));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, pack(item, place)]));
}

/** The value that was packed. */
export function unpackValue(value: PackedValue): unknown {
  if (Array.isArray(value)) return value.map(unpackValue);
  if (!isPlainObject(value)) return value;
  if ('packedShape' in value) {
    const { packedShape, data } = value as unknown as PackedArray;
    return ndarray(data, [...packedShape]);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, unpackValue(item)]));
}

/**
 * `value` and the memory to move with it. Memory that `kept` uses too is copied, as is that of parts of larger arrays;
 * shared memory stays shared.
 */
export function packToMove(value: unknown, kept: unknown): { value: PackedValue; transfer: ArrayBuffer[] } {
  const staying = new Set<ArrayBufferLike>();
  pack(kept, (data) => {
    staying.add(data.buffer);
    return data;
  });
  const transfer = new Set<ArrayBuffer>();
  const packed = pack(value, (data) => {
    if (data.buffer instanceof SharedArrayBuffer) return data;
    const whole = data.byteLength === data.buffer.byteLength && !staying.has(data.buffer);
    const moved = whole ? data : data.slice();
    transfer.add(moved.buffer as ArrayBuffer);
    return moved;
  });
  return { value: packed, transfer: [...transfer] };
}

/** `value` with its arrays copied to memory that all threads see, and how much that is. */
export function packToShare(value: unknown): { value: PackedValue; bytes: number } {
  let bytes = 0;
  const packed = pack(value, (data) => {
    const shared = new (data.constructor as new (memory: SharedArrayBuffer) => View)(
      new SharedArrayBuffer(data.byteLength),
    );
    shared.set(data);
    bytes += data.byteLength;
    return shared;
  });
  return { value: packed, bytes };
}

function isNdArray(value: unknown): value is NdArray<PixelArray> {
  const { data, shape, stride } = (value ?? {}) as Partial<NdArray<PixelArray>>;
  return ArrayBuffer.isView(data) && Array.isArray(shape) && Array.isArray(stride);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
