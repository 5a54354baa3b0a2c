// What readers and writers of PNG share: signature, chunks, header, the Paeth predictor (PNG specification, sections 5, 9 and 11).
import { computeCrc32 } from '../crc32.js';

/** What the header of a PNG says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorType: number;
  readonly isInterlaced: boolean;
}

export const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Bytes of the signature and the header's chunk, which begin a file. */
export const pngStartBytes = 33;
/** Samples of a pixel as the file stores them; an index for palettes. */
export const channelsOfColorType: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function isPng(bytes: Uint8Array): boolean {
  return pngSignature.every((byte, index) => bytes[index] === byte);
}

/** The header at the beginning of a file; undefined where it is none, or its first chunk is another. */
export function parsePngHeader(start: Uint8Array): PngHeader | undefined {
  if (start.length < pngStartBytes || !isPng(start)) return undefined;
  const view = new DataView(start.buffer, start.byteOffset, pngStartBytes);
  if (view.getUint32(8) !== 13 || readChunkType(start, 12) !== 'IHDR') return undefined;
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    bitDepth: start[24]!,
    colorType: start[25]!,
    isInterlaced: start[28] !== 0,
  };
}

/** The four letters at `at`. */
export function readChunkType(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** A whole chunk: length, type, content, checksum. */
export function createPngChunk(type: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(content.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) chunk[4 + i] = type.charCodeAt(i);
  chunk.set(content, 8);
  view.setUint32(content.length + 8, computeCrc32(chunk.subarray(4, -4)));
  return chunk;
}

/** The neighbour that is nearest to left + above − corner. */
export function predictPaeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
}
