// Saturation: every pixel drawn towards, or away from, its own grey.
import { assertRgbImage, createRgbImage, toContiguous, type RgbImage } from '@hovernet/core';
import { assertFactor, greyLevels, truncateLevel } from './blend.js';

/**
 * trunc(clip(factor · x + (1 − factor) · grey)), grey = trunc(0.2989 R + 0.587 G + 0.114 B) of the pixel, in float32
 * steps as torchvision; 1 changes nothing, 0 gives grey.
 *
 * @throws ShapeError unless `image` is RGB, ArgumentError if `factor` is negative.
 */
export function adjustSaturation(image: RgbImage, factor: number): RgbImage {
  assertRgbImage('adjustSaturation', image);
  assertFactor('adjustSaturation', factor);
  const [height, width] = image.shape as [number, number];
  const grey = greyLevels(image);
  const source = toContiguous(image);
  const output = new Uint8Array(source.length);
  const scale = Math.fround(factor);
  const rest = Math.fround(1 - factor);
  for (let pixel = 0, i = 0; pixel < grey.length; pixel++, i += 3) {
    const shift = Math.fround(rest * grey[pixel]!);
    output[i] = truncateLevel(Math.fround(Math.fround(scale * source[i]!) + shift));
    output[i + 1] = truncateLevel(Math.fround(Math.fround(scale * source[i + 1]!) + shift));
    output[i + 2] = truncateLevel(Math.fround(Math.fround(scale * source[i + 2]!) + shift));
  }
  return createRgbImage(height, width, output);
}
