// Warps by an affine map and a displacement: nearest neighbours, which never mixes values, for everything; bilinear for images.
import ndarray, { type NdArray } from 'ndarray';
import {
  assertRgbImage,
  createRgbImage,
  ShapeError,
  toContiguous,
  type PixelArray,
  type RgbImage,
} from '@hovernet/core';
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

/**
 * As {@link warpNearest} for an RGB image, but interpolates between the four pixels around the source, those outside the
 * image counting as zeros; rounded to the nearest level. O(pixels).
 *
 * @throws ShapeError unless `image` is RGB and the displacement fits, ArgumentError if the region leaves the field.
 */
export function warpBilinear(image: RgbImage, matrix: AffineMatrix, options: WarpOptions = {}): RgbImage {
  assertRgbImage('warpBilinear', image);
  const [height, width] = image.shape as [number, number];
  const { region, rows, columns, traceLine } = traceSources('warpBilinear', image.shape, { ...options, matrix });
  const [x0, y0, x1, y1] = region;
  const source = toContiguous(image);
  const target = createRgbImage(y1 - y0, x1 - x0);
  const pixels = target.data;
  let t = 0;
  for (let y = y0; y < y1; y++) {
    traceLine(y);
    for (let i = 0; i < x1 - x0; i++, t += 3) {
      const row = Math.floor(rows[i]!);
      const column = Math.floor(columns[i]!);
      if (!(row >= -1 && row < height && column >= -1 && column < width)) continue;
      const down = rows[i]! - row;
      const right = columns[i]! - column;
      // Weights of the rows above and below and of the columns left and right; 0 for those outside.
      const upper = row >= 0 ? 1 - down : 0;
      const lower = row < height - 1 ? down : 0;
      const left = column >= 0 ? 1 - right : 0;
      const rest = column < width - 1 ? right : 0;
      const above = Math.max(row, 0) * width;
      const below = Math.min(row + 1, height - 1) * width;
      const before = Math.max(column, 0);
      const after = Math.min(column + 1, width - 1);
      const a = (above + before) * 3;
      const b = (above + after) * 3;
      const c = (below + before) * 3;
      const d = (below + after) * 3;
      for (let k = 0; k < 3; k++) {
        const top = left * source[a + k]! + rest * source[b + k]!;
        const bottom = left * source[c + k]! + rest * source[d + k]!;
        pixels[t + k] = upper * top + lower * bottom + 0.5;
      }
    }
  }
  return target;
}
