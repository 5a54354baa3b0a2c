// Views of ndarrays without copying, and the contiguous typed array that hot loops run over.
import ndarray, { type NdArray } from 'ndarray';
import ops from 'ndarray-ops';
import { ArgumentError, ShapeError } from './errors.js';
import type { Box } from './nucleus.js';

/** Typed arrays that images and maps are made of. */
export type PixelArray = Uint8Array | Int32Array | Float32Array;

/** Whether the elements lie in C order without gaps (they may start at an offset). */
export function isContiguous(array: NdArray<PixelArray>): boolean {
  let stride = 1;
  for (let axis = array.dimension - 1; axis >= 0; axis--) {
    if (array.shape[axis] !== 1 && array.stride[axis] !== stride) return false;
    stride *= array.shape[axis]!;
  }
  return true;
}

/** The elements in C order: the array's own memory where it is contiguous (do not write to it), else a copy. */
export function toContiguous<T extends PixelArray>(array: NdArray<T>): T {
  if (isContiguous(array)) {
    if (array.offset === 0 && array.data.length === array.size) return array.data;
    return array.data.subarray(array.offset, array.offset + array.size) as T;
  }
  return copyArray(array).data;
}

/** A contiguous copy that shares nothing with `array`. */
export function copyArray<T extends PixelArray>(array: NdArray<T>): NdArray<T> {
  // Node's Buffer counts as a Uint8Array, but is no good to make more of.
  const isBytes = array.data instanceof Uint8Array;
  const Constructor = (isBytes ? Uint8Array : array.data.constructor) as new (length: number) => T;
  const copy = ndarray(new Constructor(array.size), array.shape);
  ops.assign(copy, array);
  return copy;
}

/**
 * View of `box` in an array whose first two axes are height and width.
 * @throws ArgumentError if the box is empty, leaves the array or cuts pixels.
 */
export function cropView<T extends PixelArray>(array: NdArray<T>, box: Box): NdArray<T> {
  const [x0, y0, x1, y1] = box;
  const [height, width] = array.shape as [number, number];
  const inside = x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height && x0 < x1 && y0 < y1;
  if (!inside || !box.every(Number.isInteger)) {
    throw new ArgumentError(
      `cropView: expected a box of whole pixels inside ${width}×${height} (width×height), got [${box.join(', ')})`,
    );
  }
  return array.lo(y0, x0).hi(y1 - y0, x1 - x0);
}

/** View mirrored along `axis` (0 rows, 1 columns). */
export function flipView<T extends PixelArray>(array: NdArray<T>, axis: 0 | 1): NdArray<T> {
  return axis === 0 ? array.step(-1) : array.step(1, -1);
}

/**
 * View of plane `channel` of a channel-first array `[channels, height, width]`: `[height, width]`.
 * @throws ArgumentError if `channel` is no index; ShapeError if the array has no such plane.
 */
export function planeView<T extends PixelArray>(array: NdArray<T>, channel: number): NdArray<T> {
  if (!Number.isInteger(channel) || channel < 0) {
    throw new ArgumentError(`planeView: expected a channel that is an integer of at least 0, got ${channel}`);
  }
  if (array.dimension !== 3 || channel >= array.shape[0]!) {
    throw new ShapeError('planeView', `[channels > ${channel}, height, width]`, `[${array.shape.join(', ')}]`);
  }
  return array.pick(channel, null, null);
}

/** Copy of `[height, width, channels]` as `[channels, height, width]`. */
export function toChannelFirst<T extends PixelArray>(array: NdArray<T>): NdArray<T> {
  assertRank3('toChannelFirst', '[height, width, channels]', array);
  return copyArray(array.transpose(2, 0, 1));
}

/** Copy of `[channels, height, width]` as `[height, width, channels]`. */
export function toChannelLast<T extends PixelArray>(array: NdArray<T>): NdArray<T> {
  assertRank3('toChannelLast', '[channels, height, width]', array);
  return copyArray(array.transpose(1, 2, 0));
}

function assertRank3(operation: string, expected: string, array: NdArray<PixelArray>): void {
  if (array.dimension !== 3) throw new ShapeError(operation, expected, `[${array.shape.join(', ')}]`);
}
