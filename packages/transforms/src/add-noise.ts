// Additive noise: the values are drawn apart from their addition, so that the addition is a pure function.
import { ArgumentError, assertRgbImage, ShapeError, toContiguous, type Random, type RgbImage } from '@hovernet/core';
import ndarray, { type NdArray } from 'ndarray';
import { drawNormal } from './draw-normal.js';
import type { FloatImage } from './smooth-gaussian.js';

/**
 * Independent normal values of mean 0, in grey levels, float32: what {@link addNoise} takes. `shape` `[height, width]`
 * gives three of them a pixel, `[height, width, 3]`; `[height, width, 1]` one, `[height, width]`, for all channels.
 *
 * @throws ArgumentError unless `deviation` is 0 or more.
 */
export function drawNoise(
  random: Random,
  shape: readonly [height: number, width: number, channels?: 1],
  deviation: number,
): NdArray<Float32Array> {
  if (!(deviation >= 0 && deviation < Infinity)) {
    throw new ArgumentError(`drawNoise: expected a standard deviation of 0 or more, got ${deviation}`);
  }
  const [height, width, channels = 3] = shape;
  const noise = new Float32Array(height * width * channels);
  for (let i = 0; i < noise.length; i++) noise[i] = deviation * drawNormal(random);
  return ndarray(noise, channels === 1 ? [height, width] : [height, width, 3]);
}

/**
 * image + noise in float32, not clipped. `noise` is `[height, width, 3]`, or `[height, width]` for the same values in
 * each channel, in grey levels (0…255 scale).
 *
 * @throws ShapeError unless `image` is RGB and `noise` fits it.
 */
export function addNoise(image: RgbImage, noise: NdArray<Float32Array>): FloatImage {
  assertRgbImage('addNoise', image);
  const [height, width] = image.shape as [number, number];
  const perChannel = noise.dimension === 3 && noise.shape[2] === 3;
  if (noise.shape[0] !== height || noise.shape[1] !== width || !(perChannel || noise.dimension === 2)) {
    const expected = `[${height}, ${width}] or [${height}, ${width}, 3]`;
    throw new ShapeError('addNoise: noise', expected, `[${noise.shape.join(', ')}]`);
  }
  const pixels = toContiguous(image);
  const values = toContiguous(noise);
  const sum = new Float32Array(pixels.length);
  if (perChannel) {
    for (let i = 0; i < sum.length; i++) sum[i] = pixels[i]! + values[i]!;
  } else {
    for (let i = 0, v = 0; i < sum.length; i += 3, v++) {
      for (let channel = 0; channel < 3; channel++) sum[i + channel] = pixels[i + channel]! + values[v]!;
    }
  }
  return ndarray(sum, [height, width, 3]);
}
