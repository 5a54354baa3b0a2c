// The maps of a segmented image, some rows at a time.
import { UnsupportedError, type SegmentedImage } from '@hovernet/core';

/** Pixels in a strip, about. */
const stripPixels = 2 ** 21;

/** Files of more pixels take hours, and few programs open them. */
const largestPx = 2 ** 30;

/**
 * First row of each strip and the one past its last, top to bottom.
 * @throws UnsupportedError for a slide that is too large for a file of all its pixels.
 */
export function* listStrips({
  height,
  width,
}: Pick<SegmentedImage, 'height' | 'width'>): Generator<readonly [y0: number, y1: number]> {
  if (height * width > largestPx) {
    const size = `${width}×${height} pixels`;
    throw new UnsupportedError(
      `expected at most 2^30 pixels, got ${size}; choose json, geojson or another format of nuclei`,
    );
  }
  const rows = Math.max(1, Math.floor(stripPixels / width));
  for (let y0 = 0; y0 < height; y0 += rows) yield [y0, Math.min(height, y0 + rows)];
}

/** Ids of the nuclei. */
export async function* readLabels(image: SegmentedImage): AsyncGenerator<Int32Array, void, undefined> {
  for (const [y0, y1] of listStrips(image)) yield (await image.readLabels([0, y0, image.width, y1])).data;
}

/** Types of the nuclei. */
export async function* readTypes(image: SegmentedImage): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const ids of readLabels(image)) yield image.nuclei.typesOf(ids);
}
