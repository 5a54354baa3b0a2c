// Contrast: every value drawn towards, or away from, the mean grey of the image.
import { assertRgbImage, type RgbImage } from '@hovernet/core';
import { assertFactor, greyLevels, mapValues, truncateLevel } from './blend.js';

/**
 * trunc(clip(factor · x + (1 − factor) · m)), m the mean over the image of trunc(0.2989 R + 0.587 G + 0.114 B), in
 * float32 steps as torchvision; 1 changes nothing, 0 gives plain grey.
 *
 * @throws ShapeError unless `image` is RGB, ArgumentError if `factor` is negative.
 */
export function adjustContrast(image: RgbImage, factor: number): RgbImage {
  assertRgbImage('adjustContrast', image);
  assertFactor('adjustContrast', factor);
  const grey = greyLevels(image);
  let sum = 0;
  for (let i = 0; i < grey.length; i++) sum += grey[i]!;
  const mean = Math.fround(sum / grey.length);
  const scale = Math.fround(factor);
  const shift = Math.fround(Math.fround(1 - factor) * mean);
  return mapValues(image, (value) => truncateLevel(Math.fround(Math.fround(scale * value) + shift)));
}
