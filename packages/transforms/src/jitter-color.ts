// Colour jitter: brightness, contrast, saturation and hue, in a given order.
import type { RgbImage } from '@hovernet/core';
import { adjustBrightness, adjustContrast, adjustSaturation, shiftBrightness } from './adjust-levels.js';
import { adjustHue, type HueRounding } from './adjust-hue.js';

/** One step of the jitter; `amount` is the factor, for hue the turn, for a shift of brightness the grey levels. */
export interface ColorAdjustment {
  readonly operation: 'brightness' | 'contrast' | 'saturation' | 'hue' | 'brightnessShift';
  readonly amount: number;
}

export interface JitterOptions {
  /** @default 'scale255.999' */
  readonly hueRounding?: HueRounding;
}

/**
 * Applies `adjustments` one after another, uint8 between them. Order matters: each is clipped and truncated.
 * `image` is not changed (and comes back itself where there is nothing to do).
 *
 * @throws ShapeError unless `image` is RGB, ArgumentError if an amount is out of its range.
 */
export function jitterColor(
  image: RgbImage,
  adjustments: readonly ColorAdjustment[],
  options: JitterOptions = {},
): RgbImage {
  const hue = options.hueRounding ? { rounding: options.hueRounding } : {};
  return adjustments.reduce((current, { operation, amount }) => {
    switch (operation) {
      case 'brightness':
        return adjustBrightness(current, amount);
      case 'contrast':
        return adjustContrast(current, amount);
      case 'saturation':
        return adjustSaturation(current, amount);
      case 'hue':
        return adjustHue(current, amount, hue);
      case 'brightnessShift':
        return shiftBrightness(current, amount);
    }
  }, image);
}
