// Hue: every pixel's colour turned on the colour circle, in the float32 steps of torchvision. Every rounding counts:
// computed in float64, about one value in twenty ends one grey level off.
import { ArgumentError, assertRgbImage, createRgbImage, toContiguous, type RgbImage } from '@hovernet/core';

/**
 * How the turned colour, 0…1, becomes uint8: `truncate255` cuts the fraction of 255·x (torchvision 0.14);
 * `scale255.999` cuts that of 255.999·x (torchvision since), so that no turn changes nothing.
 */
export type HueRounding = 'truncate255' | 'scale255.999';

export interface HueOptions {
  /** @default 'scale255.999' */
  readonly rounding?: HueRounding;
}

const fround = Math.fround;

/** x / 255 in float32. */
const unitLevels = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/**
 * RGB → HSV, h ← (h + turn) mod 1, HSV → RGB. `turn` is a share of the whole circle, −0.5…0.5.
 *
 * @throws ShapeError unless `image` is RGB, ArgumentError if `turn` is out of range.
 */
export function adjustHue(image: RgbImage, turn: number, options: HueOptions = {}): RgbImage {
  assertRgbImage('adjustHue', image);
  if (!(turn >= -0.5 && turn <= 0.5)) throw new ArgumentError(`adjustHue: expected a turn of −0.5 to 0.5, got ${turn}`);
  const scale = options.rounding === 'truncate255' ? 255 : fround(255.999);
  const step = fround(turn);
  const [height, width] = image.shape as [number, number];
  const source = toContiguous(image);
  const output = new Uint8Array(source.length);
  for (let i = 0; i < source.length; i += 3) {
    const r = unitLevels[source[i]!]!;
    const g = unitLevels[source[i + 1]!]!;
    const b = unitLevels[source[i + 2]!]!;
    const value = r > g ? (r > b ? r : b) : g > b ? g : b;
    const least = r < g ? (r < b ? r : b) : g < b ? g : b;
    const range = fround(value - least);
    const saturation = range === 0 ? 0 : fround(range / value);

    let hue = fround(hueOf(r, g, b, value, range) + step) % 1;
    if (hue < 0) hue = fround(hue + 1);
    const angle = fround(hue * 6);
    const sector = Math.floor(angle);
    const fraction = fround(angle - sector);

    const p = fround(fround(value * fround(1 - saturation)) * scale);
    const q = fround(fround(value * fround(1 - fround(saturation * fraction))) * scale);
    const t = fround(fround(value * fround(1 - fround(saturation * fround(1 - fraction)))) * scale);
    const v = fround(value * scale);
    // A hue just below 0 rounds to 1: sector 6 is sector 0.
    const s = sector % 6;
    output[i] = s === 0 || s === 5 ? v : s === 1 ? q : s === 4 ? t : p;
    output[i + 1] = s === 0 ? t : s === 1 || s === 2 ? v : s === 3 ? q : p;
    output[i + 2] = s === 2 ? t : s === 3 || s === 4 ? v : s === 5 ? q : p;
  }
  return createRgbImage(height, width, output);
}

/** Hue as a share of the circle, 0…1; `value` is the largest of the three, `range` its distance from the least. */
function hueOf(r: number, g: number, b: number, value: number, range: number): number {
  if (range === 0) return 0;
  const fromRed = fround(fround(value - r) / range);
  const fromGreen = fround(fround(value - g) / range);
  const fromBlue = fround(fround(value - b) / range);
  const sextants =
    value === r
      ? fround(fromBlue - fromGreen)
      : value === g
        ? fround(fround(2 + fromRed) - fromBlue)
        : fround(fround(4 + fromGreen) - fromRed);
  return fround(fround(sextants / 6) + 1) % 1;
}
