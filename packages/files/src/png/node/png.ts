// PNG files to and from RGB images.
import { toContiguous, type RgbImage } from '@hovernet/core';
import { PNG } from 'pngjs';
import { readFileBytes } from '../../node/read-file-bytes.js';
import { writeFileAtomic } from '../../node/write-file-atomic.js';
import { decodePngSamples } from './decode-png.js';
import { toRgbImage } from '../image-samples.js';
import { checkPng } from './png-chunks.js';
import { readPngSamples, type ReadImageOptions } from './read-image.js';

/**
 * Reads the PNG at `path` as RGB: 1 to 16 bits, grey, palette or colour, interlaced or not. Alpha is dropped, not blended;
 * 16 bits are scaled by 255/65535 and rounded; grey becomes three equal channels.
 * @throws FileError if it is missing, truncated, damaged or no PNG; UnsupportedError for `decoder: 'sharp'` without sharp.
 */
export async function readPng(path: string, options: ReadImageOptions = {}): Promise<RgbImage> {
  return toRgbImage((await readPngSamples(await readFileBytes(path), path, options)).samples);
}

/** {@link readPng} over the bytes of a file, by pngjs; `source` names it in errors. */
export function decodePng(bytes: Uint8Array, source: string): RgbImage {
  return toRgbImage(decodePngSamples(checkPng(bytes, source), source));
}

/** Writes `image` to `path` as an 8-bit RGB PNG, atomically. */
export async function writePng(path: string, image: RgbImage): Promise<void> {
  await writeFileAtomic(path, encodePng(image));
}

/** The bytes of an 8-bit RGB PNG of `image`. */
export function encodePng(image: RgbImage): Uint8Array {
  const [height, width] = image.shape as [number, number];
  const options = { colorType: 2, inputColorType: 2, inputHasAlpha: false, deflateLevel: 6 } as const;
  const png = new PNG({ width, height, ...options });
  png.data = Buffer.from(toContiguous(image));
  return PNG.sync.write(png, options);
}
