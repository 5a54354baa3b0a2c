// An image in memory as a source.
import { assertRgbImage, cropView, type ImageSource, type RgbImage } from '@hovernet/core';

/** A source over `image`; `mpp` is its resolution in micrometres per pixel, null where unknown. */
export function createMemorySource(image: RgbImage, mpp: number | null = null): ImageSource {
  assertRgbImage('createMemorySource', image);
  const [height, width] = image.shape as [number, number];
  return {
    height,
    width,
    mpp,
    read: (box) => Promise.resolve(cropView(image, box)),
    close: () => Promise.resolve(),
  };
}
