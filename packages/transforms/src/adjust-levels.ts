// Brightness, contrast, saturation: every value alone, drawn towards the mean grey of the image, or towards the pixel's own grey.
import { ArgumentError, assertRgbImage, createRgbImage, toContiguous, type RgbImage } from '@hovernet/core';

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

const redWeight = Math.fround(0.2989);
const greenWeight = Math.fround(0.587);
const blueWeight = Math.fround(0.114);

/** trunc(0.2989 R + 0.587 G + 0.114 B) of each pixel, in float32 steps. */
function greyLevels(image: RgbImage): Uint8Array {
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
function truncateLevel(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : value | 0;
}

/** The image whose every value is `map` of the old one, by a table of the 256 levels. */
function mapValues(image: RgbImage, map: (level: number) => number): RgbImage {
  const table = Uint8Array.from({ length: 256 }, (_, level) => map(level));
  const source = toContiguous(image);
  const output = new Uint8Array(source.length);
  for (let i = 0; i < output.length; i++) output[i] = table[source[i]!]!;
  return createRgbImage(image.shape[0]!, image.shape[1]!, output);
}

/** Throws an ArgumentError unless `factor` is a number of 0 or more. */
function assertFactor(operation: string, factor: number): void {
  if (!(factor >= 0 && factor < Infinity)) {
    throw new ArgumentError(`${operation}: expected a factor of 0 or more, got ${factor}`);
  }
}
