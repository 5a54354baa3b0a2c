// PNG files to and from RGB images.
import { createRgbImage, FileError, toContiguous, type RgbImage } from '@hovernet/core';
import { PNG } from 'pngjs';
import { readFileBytes } from '../files/read-file-bytes.js';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import { extractCriticalChunks } from './png-chunks.js';

/**
 * Reads the PNG at `path` as RGB: 1 to 16 bits, grey, palette or colour, interlaced or not. Alpha is dropped, not blended;
 * 16 bits are scaled by 255/65535 and rounded; grey becomes three equal channels.
 * @throws FileError if it is missing, truncated, damaged or no PNG.
 */
export async function readPng(path: string): Promise<RgbImage> {
  return decodePng(await readFileBytes(path), path);
}

/** {@link readPng} over the bytes of a file; `source` names it in errors. */
export function decodePng(bytes: Uint8Array, source: string): RgbImage {
  const critical = extractCriticalChunks(bytes, source);
  let png: PNG;
  try {
    png = PNG.sync.read(critical);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FileError(source, `damaged PNG (${reason}); copy or export it again`, { cause });
  }
  const { width, height, data } = png;
  if (data.length < width * height * 4) throw new FileError(source, 'truncated PNG: pixels are missing');
  const image = createRgbImage(height, width);
  const pixels = image.data;
  for (let from = 0, to = 0; to < pixels.length; from += 4, to += 3) {
    pixels[to] = data[from]!;
    pixels[to + 1] = data[from + 1]!;
    pixels[to + 2] = data[from + 2]!;
  }
  return image;
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
