// Chunks of a PNG file, checked before pixels are decoded, so that a damaged file costs neither time nor memory.
import { crc32 } from 'node:zlib';
import { FileError } from '@hovernet/core';
import { maxInflatedSize } from '../../inflate.js';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const criticalTypes = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);
/** Most pixels of an image. */
export const maxPixels = 2 ** 28;
/** Samples of a pixel as the file stores them; an index for palettes. */
export const channelsOfColorType: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** A PNG file that is whole, as far as its chunks tell. */
export interface PngContent {
  /** The file without the chunks that the pixels' colours do not depend on (text, profiles, transparency, animation). */
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorType: number;
}

/**
 * What is needed to decode the pixels of `bytes`.
 * @throws FileError if it is no PNG, truncated, damaged, or claims more pixels than its data can hold.
 */
export function checkPng(bytes: Uint8Array, source: string): PngContent {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!buffer.subarray(0, 8).equals(signature)) {
    throw new FileError(source, 'not a PNG (no PNG signature); convert the image to PNG');
  }
  const kept: Buffer[] = [signature];
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
  return { bytes: Buffer.concat(kept), ...readHeader(kept[1]!, dataBytes, source) };
}

function readHeader(header: Buffer, dataBytes: number, source: string): Omit<PngContent, 'bytes'> {
  const colorType = header[17]!;
  const channels = header.length === 25 ? channelsOfColorType[colorType] : undefined;
  if (!channels || header.toString('latin1', 4, 8) !== 'IHDR') throw new FileError(source, 'damaged PNG (bad header)');
  const width = header.readUInt32BE(8);
  const height = header.readUInt32BE(12);
  const bitDepth = header[16]!;
  if (width * height > maxPixels) {
    throw new FileError(source, `PNG of ${width}×${height} pixels is too large (2^28 at most); cut it into tiles`);
  }
  const rawBytes = height * Math.ceil((width * channels * bitDepth) / 8);
  if (rawBytes === 0 || rawBytes > maxInflatedSize(dataBytes)) {
    throw new FileError(source, `damaged PNG (${width}×${height} pixels cannot come from ${dataBytes} bytes)`);
  }
  return { width, height, bitDepth, colorType };
}
