// Affine warp with nearest neighbours: the same for images, ids and classes, since it never mixes values.
import { ShapeError, toContiguous, type Box, type PixelArray } from '@hovernet/core';
import ndarray, { type NdArray } from 'ndarray';
import type { AffineMatrix } from './compose-affine-matrix.js';
import { resolveRegion } from './region.js';

export interface WarpOptions {
  /**
   * Part of the output to compute; the result has its size. The matrix still refers to the centre of the whole field.
   * @default the whole field
   */
  readonly region?: Box;
}

/** Adding and subtracting 1.5·2⁵² rounds a double to the nearest integer, halves to even. */
const roundingShift = 1.5 * 2 ** 52;

/**
 * Takes for each output pixel the input pixel nearest to `matrix` · (its centred row, its centred column, 1), halves
 * rounded to even; zero outside. `array` is `[height, width]` or `[height, width, channels]`; the output field has the
 * same size and element type. As MONAI's RandAffine with mode nearest and zero padding.
 *
 * @throws ShapeError unless the rank is 2 or 3, ArgumentError if the region leaves the field.
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
  const [x0, y0, x1, y1] = resolveRegion('warpNearest', array.shape, options.region);
  const [[rowByRow, rowByColumn, rowShift], [columnByRow, columnByColumn, columnShift]] = matrix;
  const source = toContiguous(array);
  const Constructor = source.constructor as new (length: number) => T;
  const target = new Constructor((y1 - y0) * (x1 - x0) * channels);
  const centerRow = (height - 1) / 2;
  const centerColumn = (width - 1) / 2;
  let t = 0;
  for (let y = y0; y < y1; y++) {
    const fromRow = rowByRow * (y - centerRow);
    const fromColumn = columnByRow * (y - centerRow);
    for (let x = x0; x < x1; x++, t += channels) {
      const sourceRow = fromRow + rowByColumn * (x - centerColumn) + rowShift + centerRow;
      const sourceColumn = fromColumn + columnByColumn * (x - centerColumn) + columnShift + centerColumn;
      const row = sourceRow + roundingShift - roundingShift;
      const column = sourceColumn + roundingShift - roundingShift;
      if (!(row >= 0 && row < height && column >= 0 && column < width)) continue;
      const s = (row * width + column) * channels;
      target[t] = source[s]!;
      for (let channel = 1; channel < channels; channel++) target[t + channel] = source[s + channel]!;
    }
  }
  return ndarray(target, [y1 - y0, x1 - x0, ...array.shape.slice(2)]);
}
