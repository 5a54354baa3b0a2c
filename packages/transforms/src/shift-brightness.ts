// Brightness as the original repository's training has it: the same number of grey levels added to every value.
import { ArgumentError, assertRgbImage, type RgbImage } from '@hovernet/core';
import { mapValues, truncateLevel } from './blend.js';

/**
 * trunc(clip(x + levels)) for every value; 0 changes nothing.
 *
 * @throws ShapeError unless `image` is RGB, ArgumentError unless `levels` is finite.
 */
export function shiftBrightness(image: RgbImage, levels: number): RgbImage {
  assertRgbImage('shiftBrightness', image);
  if (!Number.isFinite(levels)) throw new ArgumentError(`shiftBrightness: expected grey levels, got ${levels}`);
  return mapValues(image, (value) => truncateLevel(value + levels));
}
