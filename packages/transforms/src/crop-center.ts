// The middle of an image or map.
import { cropView, type PixelArray } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { centerBox } from './region.js';

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
