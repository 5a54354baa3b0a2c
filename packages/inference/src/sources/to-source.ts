// Images that need no decoding, as sources.
import { createRgbImage, ShapeError, type ImageSource } from '@hovernet/core';
import type { DecodedImage, PixelImage } from '../segmenter-options.js';
import { createMemorySource } from './memory-source.js';

export function isImageSource(image: unknown): image is ImageSource {
  return typeof image === 'object' && image !== null && 'read' in image && typeof image.read === 'function';
}

/**
 * A source over `image`; undefined for what needs decoding.
 * @throws ShapeError for arrays that are no RGB image of at least one pixel.
 */
export function toSource(image: unknown): ImageSource | undefined {
  if (isImageSource(image)) return image;
  if (typeof image !== 'object' || image === null || !('data' in image)) return undefined;
  const decoded = image as Exclude<DecodedImage, ImageSource>;
  if (!('shape' in decoded)) return createMemorySource(toRgbImage(decoded));
  const source = createMemorySource(decoded);
  if (source.width === 0 || source.height === 0)
    throw new ShapeError('segment: image', 'at least one pixel', `[${decoded.shape.join(', ')}]`);
  return source;
}

function toRgbImage({ width, height, data }: PixelImage) {
  const area = width * height;
  const channels = data.length / area;
  if (!(area > 0) || (channels !== 3 && channels !== 4)) {
    const expected = `3 or 4 values for each of ${width} × ${height} pixels`;
    throw new ShapeError('segment: image.data', expected, `${data.length}`);
  }
  if (channels === 3) return createRgbImage(height, width, new Uint8Array(data.buffer, data.byteOffset, data.length));
  const pixels = new Uint8Array(3 * area);
  for (let pixel = 0, from = 0, to = 0; pixel < area; pixel++, from += 4) {
    pixels[to++] = data[from]!;
    pixels[to++] = data[from + 1]!;
    pixels[to++] = data[from + 2]!;
  }
  return createRgbImage(height, width, pixels);
}
