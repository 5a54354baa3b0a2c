// From float32 grey levels back to uint8.
import { createRgbImage, ShapeError, toContiguous, type RgbImage } from '@hovernet/core';
import type { FloatImage } from './smooth-gaussian.js';

/**
 * Clips to 0…255 and cuts the fraction off, as the cast between the filters and the colour steps of training.
 *
 * @throws ShapeError unless `image` is `[height, width, 3]`.
 */
export function truncateToUint8(image: FloatImage): RgbImage {
  const [height, width, channels] = image.shape as [number, number, number];
  if (image.dimension !== 3 || channels !== 3) {
    throw new ShapeError('truncateToUint8', '[height, width, 3]', `[${image.shape.join(', ')}]`);
  }
  const source = toContiguous(image);
  const output = new Uint8Array(source.length);
  for (let i = 0; i < output.length; i++) {
    const value = source[i]!;
    output[i] = value <= 0 ? 0 : value >= 255 ? 255 : value;
  }
  return createRgbImage(height, width, output);
}
