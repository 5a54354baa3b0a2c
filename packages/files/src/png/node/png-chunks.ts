// Chunks of a PNG file, checked before pixels are decoded, so that a damaged file costs neither time nor memory.
import { crc32 } from 'node:zlib';
import { FileError } from '@hovernet/core';
import { maxInflatedSize } from '../../inflate.js';
import { channelsOfColorType, isPng, parsePngHeader, pngSignature, type PngHeader } from '../png-format.js';

const criticalTypes = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);
/** Most pixels of an image. */
export const maxPixels = 2 ** 28;

/** A PNG file that is whole, as far as its chunks tell. */
export interface PngContent extends Omit<PngHeader, 'isInterlaced'> {
  /** The file without the chunks that the pixels' colours do not depend on (text, profiles, transparency, animation). */
  readonly bytes: Buffer;
}

/**
 * What is needed to decode the pixels of `bytes`.
 * @throws FileError if it is no PNG, truncated, damaged, or claims more pixels than its data can hold.
 */
export function checkPng(bytes: Uint8Array, source: string): PngContent {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isPng(bytes)) {
    throw new FileError(source, 'not a PNG (no PNG signature); convert the image to PNG');
  }
  const kept: Uint8Array[] = [pngSignature];
  let dataBytes = 0;
  for (let at = 8, type = ''; type !== 'IEND';) {
    const end = at + 12 + (at + 8 <= buffer.length ? buffer.readUInt32BE(at) : Infinity);
    if (end > buffer.length) throw new FileError(source, 'truncated PNG; copy or export it again');
    type = buffer.toString('latin1', at + 4, at + 8);
    if (criticalTypes.has(type)) {
      if (crc32(buffer.subarray(at + 4, end - 4)) !== buffer.readUInt32BE(end - 4)) {
        throw new FileError(source, `damaged PNG (checksum of ${type} differs); copy or export it again`);
      }
      if (type === 'IDAT') dataBytes += end - at - 12;
      kept.push(buffer.subarray(at, end));
    }
    at = end;
  }
  const whole = Buffer.concat(kept);
  return { bytes: whole, ...checkHeader(parsePngHeader(whole), dataBytes, source) };
}

function checkHeader(header: PngHeader | undefined, dataBytes: number, source: string): Omit<PngContent, 'bytes'> {
  const channels = header && channelsOfColorType[header.colorType];
  if (!channels) throw new FileError(source, 'damaged PNG (bad header)');
  const { width, height, bitDepth, colorType } = header;
  if (width * height > maxPixels) {
    throw new FileError(source, `PNG of ${width}×${height} pixels is too large (2^28 at most); cut it into tiles`);
  }
  const rawBytes = height * Math.ceil((width * channels * bitDepth) / 8);
  if (rawBytes === 0 || rawBytes > maxInflatedSize(dataBytes)) {
    throw new FileError(source, `damaged PNG (${width}×${height} pixels cannot come from ${dataBytes} bytes)`);
  }
  return { width, height, bitDepth, colorType };
}
