// What brightness, contrast and saturation share: grey levels, truncation, and a function applied to all values.
import { ArgumentError, createRgbImage, toContiguous, type RgbImage } from '@hovernet/core';

const redWeight = Math.fround(0.2989);
const greenWeight = Math.fround(0.587);
const blueWeight = Math.fround(0.114);

/** trunc(0.2989 R + 0.587 G + 0.114 B) of each pixel, in float32 steps. */
export function greyLevels(image: RgbImage): Uint8Array {
  const source = toContiguous(image);
  const grey = new Uint8Array(source.length / 3);
  for (let pixel = 0, i = 0; pixel < grey.length; pixel++, i += 3) {
    const red = Math.fround(redWeight * source[i]!);
    const green = Math.fround(greenWeight * source[i + 1]!);
    grey[pixel] = Math.fround(Math.fround(red + green) + Math.fround(blueWeight * source[i + 2]!));
  }
  return grey;
}

/** `value` clipped to 0…255, its fraction cut off. */
export function truncateLevel(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : value | 0;
}

/** The image whose every value is `map` of the old one, by a table of the 256 levels. */
export function mapValues(image: RgbImage, map: (level: number) => number): RgbImage {
  const table = Uint8Array.from({ length: 256 }, (_, level) => map(level));
  const source = toContiguous(image);
  const output = new Uint8Array(source.length);
  for (let i = 0; i < output.length; i++) output[i] = table[source[i]!]!;
  return createRgbImage(image.shape[0]!, image.shape[1]!, output);
}

/** Throws an ArgumentError unless `factor` is a number of 0 or more. */
export function assertFactor(operation: string, factor: number): void {
  if (!(factor >= 0 && factor < Infinity)) {
    throw new ArgumentError(`${operation}: expected a factor of 0 or more, got ${factor}`);
  }
}
