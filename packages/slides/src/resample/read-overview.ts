// A whole slide as one small picture.
import { createRgbImage, type Box, type RgbImage } from '@hovernet/core';
import type { SlideReader } from '../slide-reader.js';
import { chooseLevel } from './choose-level.js';
import { resampleBox } from './resample-source.js';

/** Most pixels of the level that are read at once. */
const stripPx = 2 ** 24;

/** `slide` in `[width, height]` pixels, read strip by strip. Throws as `readRegion`. */
export async function readOverview(
  slide: SlideReader,
  [width, height]: readonly [number, number],
  signal?: AbortSignal,
): Promise<RgbImage> {
  const level = chooseLevel(slide.levels, [width, height]);
  const { width: levelWidth, height: levelHeight, tilePx } = slide.levels[level]!;
  const read = (box: Box) => slide.readRegion(level, box, signal);
  if (levelWidth === width && levelHeight === height) return read([0, 0, width, height]);
  const image = createRgbImage(height, width);
  const levelRows = Math.max(tilePx[1], Math.floor(stripPx / levelWidth));
  const rows = Math.max(1, Math.floor((levelRows * height) / levelHeight));
  const scale = { from: [levelWidth, levelHeight], to: [width, height] } as const;
  for (let y = 0; y < height; y += rows) {
    const strip = await resampleBox([0, y, width, Math.min(height, y + rows)], scale, read);
    image.data.set(strip.data, 3 * y * width);
  }
  return image;
}
