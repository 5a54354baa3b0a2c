// From uint8 pixels to what the network reads.
import { assertRgbImage, createPlanes, toContiguous, type RgbImage } from '@hovernet/core';
import type { NdArray } from 'ndarray';

/** x / 255, rounded to float32, for each grey level. */
const scaledLevels = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/**
 * `[height, width, 3]` uint8 → planes `[3, height, width]` float32, x / 255 in 0…1. As MONAI's ScaleIntensityRange.
 *
 * @throws ShapeError unless `image` is RGB.
 */
export function scaleIntensity(image: RgbImage): NdArray<Float32Array> {
  assertRgbImage('scaleIntensity', image);
  const [height, width] = image.shape as [number, number];
  const source = toContiguous(image);
  const size = height * width;
  const planes = new Float32Array(3 * size);
  for (let pixel = 0, i = 0; pixel < size; pixel++, i += 3) {
    planes[pixel] = scaledLevels[source[i]!]!;
    planes[size + pixel] = scaledLevels[source[i + 1]!]!;
    planes[2 * size + pixel] = scaledLevels[source[i + 2]!]!;
  }
  return createPlanes(3, height, width, planes);
}
