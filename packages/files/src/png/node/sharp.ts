// Images by sharp, an optional package: native code, several times faster than pngjs, and JPEG and TIFF besides.
import { FileError, UnsupportedError } from '@hovernet/core';
import type library from 'sharp';
import type { Sharp, SharpOptions } from 'sharp';
import { importPeer } from '../../node/import-peer.js';
import { createSamples, type ImageSamples } from '../image-samples.js';
import { channelsOfColorType } from '../png-format.js';
import { maxPixels, type PngContent } from './png-chunks.js';

/** sharp's entry. */
export type SharpLibrary = typeof library;

const options: SharpOptions = { limitInputPixels: maxPixels, failOn: 'warning', ignoreIcc: true };
const formats = { jpeg: 'jpeg', tiff: 'tiff' } as const;

let loaded: Promise<SharpLibrary | undefined> | undefined;

/** sharp where it is installed and loads, else undefined. */
export function findSharp(): Promise<SharpLibrary | undefined> {
  loaded ??= import('sharp').then(
    (module) => module.default,
    () => undefined,
  );
  return loaded;
}

/**
 * sharp, for the file `source`, an image of the kind `purpose`.
 * @throws UnsupportedError if it is not installed, or does not load here.
 */
export async function requireSharp(source: string, purpose: string): Promise<SharpLibrary> {
  const peer = { name: 'sharp', version: '0.35.5', purpose };
  return (await importPeer(() => import('sharp'), peer, source)).default;
}

/** The pixels of a PNG as they are stored: the same as pngjs gives. @throws FileError if they are damaged. */
export async function decodePngBySharp(
  sharp: SharpLibrary,
  content: PngContent,
  source: string,
): Promise<ImageSamples> {
  const { bytes, colorType, bitDepth } = content;
  const channels = colorType === 3 ? 3 : channelsOfColorType[colorType]!;
  return readSamples(sharp(bytes, options), { channels, isWide: bitDepth === 16 }, source);
}

/**
 * The pixels of a JPEG or TIFF, the first page of several. Profiles and orientation are not applied, as in Pillow.
 * @throws FileError if it is damaged or too large; UnsupportedError for other formats, CMYK, and numbers other than 8 or 16
 * bits without a sign.
 */
export async function decodeBySharp(
  sharp: SharpLibrary,
  bytes: Uint8Array,
  source: string,
): Promise<{ readonly format: 'jpeg' | 'tiff'; readonly samples: ImageSamples }> {
  const image = sharp(bytes, options);
  const metadata = await attempt(source, () => image.metadata());
  const format = formats[metadata.format as 'jpeg' | 'tiff'];
  if (!format) throw new UnsupportedError(`${source}: expected a JPEG or TIFF image, got ${metadata.format}`);
  const { depth, space, channels } = metadata;
  if (!['uchar', 'ushort'].includes(depth) || !['srgb', 'rgb', 'rgb16', 'b-w', 'grey16'].includes(space)) {
    throw new UnsupportedError(`${source}: images of ${depth} in ${space} are not supported; convert to 8-bit RGB`);
  }
  const samples = await readSamples(image, { channels, isWide: depth === 'ushort' }, source);
  return { format, samples };
}

async function readSamples(
  image: Sharp,
  { channels, isWide }: { readonly channels: number; readonly isWide: boolean },
  source: string,
): Promise<ImageSamples> {
  // Without a colour space sharp makes 8-bit sRGB of everything; with that of 8-bit grey it drops alpha.
  const space = isWide ? (channels < 3 ? 'grey16' : 'rgb16') : channels === 1 ? 'b-w' : 'srgb';
  const raw = image.toColourspace(space).raw({ depth: isWide ? 'ushort' : 'uchar' });
  const { data, info } = await attempt(source, () => raw.toBuffer({ resolveWithObject: true }));
  const bytes = channels === 2 && info.channels === 4 ? pickGreyAlpha(data) : data;
  const samples = isWide
    ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return createSamples(samples, [info.height, info.width, bytes === data ? info.channels : 2]);
}

function pickGreyAlpha(pixels: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: pixels.length / 2 }, (_, i) => pixels[4 * (i >> 1) + (i % 2 === 0 ? 0 : 3)]!);
}

async function attempt<T>(source: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw new FileError(source, `damaged image (${reason}); copy or export it again`, { cause });
  }
}
