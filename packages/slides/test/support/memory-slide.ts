// Slides of pixels in memory.
import type { RgbImage } from '@hovernet/core';
import { createImageGrid, createTiledSlide } from '../../src/pyramid/tiled-slide.js';
import type { SlideReader } from '../../src/slide-reader.js';

/** `images` as the levels of a slide, the largest first. */
export function createMemorySlide(images: readonly RgbImage[], mpp: number | null = null): SlideReader {
  return createTiledSlide(
    {
      name: 'memory',
      format: 'tiff',
      vendor: null,
      mpp: mpp === null ? null : [mpp, mpp],
      levels: images.map(createImageGrid),
      associated: new Map(),
      close: () => Promise.resolve(),
    },
    {},
  );
}
