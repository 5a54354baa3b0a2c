// Parts of a field: the centre that crops share, and the check of a region that a caller gives.
import { ArgumentError, cropView, type Box, type PixelArray } from '@hovernet/core';
import type { NdArray } from 'ndarray';

/** Height and width of something whose first two axes they are. */
export type FieldShape = readonly number[];

/**
 * The box of `size` pixels (a side, or height and width) in the middle of a field whose shape begins with height and
 * width: it starts at max(⌊length/2⌋ − ⌊size/2⌋, 0), as MONAI's CenterSpatialCrop, and is cut off at the field's end.
 */
export function centerBox(field: FieldShape, size: number | readonly [height: number, width: number]): Box {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  const [y0, y1] = centerSpan(field[0]!, height);
  const [x0, x1] = centerSpan(field[1]!, width);
  return [x0, y0, x1, y1];
}

/** `region`, or the whole field where there is none. Throws an ArgumentError if it is empty or leaves the field. */
export function resolveRegion(operation: string, field: FieldShape, region: Box | undefined): Box {
  const [height, width] = field as [number, number];
  const [x0, y0, x1, y1] = region ?? [0, 0, width, height];
  if (region && !(x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height && x0 < x1 && y0 < y1)) {
    throw new ArgumentError(
      `${operation}: expected a region inside ${width}×${height} (width×height), got [${region.join(', ')})`,
    );
  }
  return [x0, y0, x1, y1];
}

function centerSpan(length: number, size: number): [start: number, end: number] {
  if (!(Number.isInteger(size) && size > 0)) {
    throw new ArgumentError(`centerBox: expected a positive integer size, got ${size}`);
  }
  const start = Math.max(Math.floor(length / 2) - Math.floor(size / 2), 0);
  return [start, Math.min(start + size, length)];
}

/**
 * View (no copy) of the middle `size` pixels (a side, or height and width) of an array whose first two axes are height
 * and width; smaller where the array is smaller. As MONAI's CenterSpatialCrop: see {@link centerBox}.
 *
 * @throws ArgumentError if `size` is not a positive integer.
 */
export function cropCenter<T extends PixelArray>(
  array: NdArray<T>,
  size: number | readonly [height: number, width: number],
): NdArray<T> {
  return cropView(array, centerBox(array.shape, size));
}
