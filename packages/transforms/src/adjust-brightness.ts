// Brightness: every value times a factor.
import { assertRgbImage, type RgbImage } from '@hovernet/core';
import { assertFactor, mapValues, truncateLevel } from './blend.js';

/**
 * trunc(clip(factor · x)) for every value, in float32 steps as torchvision; 1 changes nothing, 0 gives black.
 *
 * @throws ShapeError unless `image` is RGB, ArgumentError if `factor` is negative.
 */
export function adjustBrightness(image: RgbImage, factor: number): RgbImage {
  assertRgbImage('adjustBrightness', image);
  assertFactor('adjustBrightness', factor);
  const scale = Math.fround(factor);
  return mapValues(image, (value) => truncateLevel(Math.fround(scale * value)));
}
