// Pixels as image files store them, and as RGB.
import { createRgbImage, type RgbImage } from '@hovernet/core';
import type { NumericArray } from '../numeric-array.js';

/**
 * `[height, width]` for grey, else `[height, width, channels]`: 2 grey and alpha, 3 RGB, 4 RGB and alpha. Palettes are RGB;
 * grey of 1, 2 and 4 bits is spread over 0…255.
 */
export interface ImageSamples extends NumericArray {
  readonly dtype: 'uint8' | 'uint16';
  readonly data: Uint8Array | Uint16Array;
}

/** Samples of `channels` channels. */
export function createSamples(
  data: Uint8Array | Uint16Array,
  [height, width, channels]: readonly [number, number, number],
): ImageSamples {
  const shape = channels === 1 ? [height, width] : [height, width, channels];
  return { dtype: data instanceof Uint16Array ? 'uint16' : 'uint8', shape, data };
}

/**
 * As an RGB image: alpha is dropped, not blended; grey becomes three equal channels; 16 bits are scaled by 255/65535 and
 * rounded (docs/parity.md#24).
 */
export function toRgbImage({ shape, data }: ImageSamples): RgbImage {
  const [height, width, channels = 1] = shape as [number, number, number?];
  if (channels === 3 && data instanceof Uint8Array)
    return createRgbImage(height, width, data as Uint8Array<ArrayBuffer>);
  const image = createRgbImage(height, width);
  const pixels = image.data;
  const isColor = channels >= 3;
  const scale = data instanceof Uint16Array ? 255 / 65535 : 1;
  for (let from = 0, to = 0; to < pixels.length; from += channels, to += 3) {
    const red = Math.floor(data[from]! * scale + 0.5);
    pixels[to] = red;
    pixels[to + 1] = isColor ? Math.floor(data[from + 1]! * scale + 0.5) : red;
    pixels[to + 2] = isColor ? Math.floor(data[from + 2]! * scale + 0.5) : red;
  }
  return image;
}
