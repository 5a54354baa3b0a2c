// Warp with nearest neighbours: the same for images, ids and classes, since it never mixes values.
import { ShapeError, toContiguous, type PixelArray } from '@hovernet/core';
import ndarray, { type NdArray } from 'ndarray';
import type { AffineMatrix } from './compose-affine-matrix.js';
import { traceSources, type WarpOptions } from './trace-sources.js';

/** Adding and subtracting 1.5·2⁵² rounds a double to the nearest integer, halves to even. */
const roundingShift = 1.5 * 2 ** 52;

/**
 * Takes for each output pixel the input pixel nearest to `matrix` · (its centred row, its centred column, 1), halves
 * rounded to even; zero outside. `array` is `[height, width]` or `[height, width, channels]`; the output field has the
 * same size and element type. As MONAI's RandAffine with mode nearest and zero padding.
 *
 * @throws ShapeError unless the rank is 2 or 3 and the displacement fits, ArgumentError if the region leaves the field.
 */
export function warpNearest<T extends PixelArray>(
  array: NdArray<T>,
  matrix: AffineMatrix,
  options: WarpOptions = {},
): NdArray<T> {
  if (array.dimension !== 2 && array.dimension !== 3) {
    throw new ShapeError('warpNearest', '[height, width] or [height, width, channels]', `[${array.shape.join(', ')}]`);
  }
  const [height, width, channels = 1] = array.shape as [number, number, number?];
  const { region, rows, columns, traceLine } = traceSources('warpNearest', array.shape, { ...options, matrix });
  const [x0, y0, x1, y1] = region;
  const source = toContiguous(array);
  const Constructor = source.constructor as new (length: number) => T;
  const target = new Constructor((y1 - y0) * (x1 - x0) * channels);
  let t = 0;
  for (let y = y0; y < y1; y++) {
    traceLine(y);
    for (let i = 0; i < x1 - x0; i++, t += channels) {
      const row = rows[i]! + roundingShift - roundingShift;
      const column = columns[i]! + roundingShift - roundingShift;
      if (!(row >= 0 && row < height && column >= 0 && column < width)) continue;
      const s = (row * width + column) * channels;
      target[t] = source[s]!;
      for (let channel = 1; channel < channels; channel++) target[t + channel] = source[s + channel]!;
    }
  }
  return ndarray(target, [y1 - y0, x1 - x0, ...array.shape.slice(2)]);
}
