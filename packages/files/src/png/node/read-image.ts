// Images of any format that is known here, by their content.
import type { RgbImage } from '@hovernet/core';
import { readFileBytes } from '../../node/read-file-bytes.js';
import { decodePngSamples } from './decode-png.js';
import { toRgbImage, type ImageSamples } from '../image-samples.js';
import { checkPng } from './png-chunks.js';
import { decodeBySharp, decodePngBySharp, findSharp, requireSharp, type SharpLibrary } from './sharp.js';

/** Options of {@link readImage} and `readPng`. */
export interface ReadImageOptions {
  /**
   * Who decodes PNG: `pngjs`, `sharp`, or sharp where it is installed and else pngjs. Both give the same pixels.
   * @default 'auto'
   */
  readonly decoder?: 'auto' | 'pngjs' | 'sharp';
}

/** Pixels of an image as they are stored, and what format that was. */
export interface StoredImage {
  readonly format: 'png' | 'jpeg' | 'tiff';
  readonly samples: ImageSamples;
}

/**
 * Reads the PNG, JPEG or TIFF at `path` as RGB, told apart by content. JPEG and TIFF need the package sharp; of several pages
 * the first is read; colour profiles and the camera's orientation are not applied. PNG as `readPng`.
 * @throws FileError if it is missing, truncated, damaged or larger than 2²⁸ pixels; UnsupportedError without sharp, for other
 * formats, CMYK, and numbers other than 8 or 16 bits without a sign.
 */
export async function readImage(path: string, options: ReadImageOptions = {}): Promise<RgbImage> {
  return toRgbImage((await readImageSamples(path, options)).samples);
}

/** {@link readImage} for bytes in memory; `source` names them in errors. */
export async function decodeImage(
  bytes: Uint8Array,
  source: string,
  options: ReadImageOptions = {},
): Promise<RgbImage> {
  return toRgbImage((await decodeImageSamples(bytes, source, options)).samples);
}

/** {@link readImage}, but the pixels as they are stored. */
export async function readImageSamples(path: string, options: ReadImageOptions = {}): Promise<StoredImage> {
  return decodeImageSamples(await readFileBytes(path), path, options);
}

async function decodeImageSamples(bytes: Uint8Array, path: string, options: ReadImageOptions): Promise<StoredImage> {
  // JPEG starts with FF D8 FF, TIFF with II or MM; errors about anything else name PNG.
  const start = Buffer.from(bytes.subarray(0, 3)).toString('latin1');
  if (start !== '\xff\xd8\xff' && !/^(II[*+]|MM\0)/.test(start)) return readPngSamples(bytes, path, options);
  return decodeBySharp(await requireSharp(path, 'JPEG and TIFF images'), bytes, path);
}

/** The pixels of a PNG whose bytes are in memory; `source` names it in errors. */
export async function readPngSamples(
  bytes: Uint8Array,
  source: string,
  { decoder = 'auto' }: ReadImageOptions,
): Promise<StoredImage> {
  const content = checkPng(bytes, source);
  const sharp = await chooseSharp(decoder, source);
  const samples = sharp ? await decodePngBySharp(sharp, content, source) : decodePngSamples(content, source);
  return { format: 'png', samples };
}

async function chooseSharp(decoder: 'auto' | 'pngjs' | 'sharp', source: string): Promise<SharpLibrary | undefined> {
  if (decoder === 'sharp') return requireSharp(source, 'PNG images decoded by sharp');
  return decoder === 'auto' ? findSharp() : undefined;
}
