// PNG files of every kind that the format has, from given samples, for tests.
import { crc32, deflateSync } from 'node:zlib';

/** A kind of PNG: what its header says. */
export interface PngKind {
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  readonly bitDepth: 1 | 2 | 4 | 8 | 16;
  readonly interlaced: boolean;
}

export const channelsOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** Every combination of colour type and bits that PNG allows, interlaced and not. */
export const pngKinds: readonly PngKind[] = ([0, 2, 3, 4, 6] as const).flatMap((colorType) => {
  const depths = ({ 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] } as const)[colorType];
  return depths.flatMap((bitDepth) => [false, true].map((interlaced) => ({ colorType, bitDepth, interlaced })));
});

/** First column and row of each pass of Adam7, and its steps. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export interface PngSource {
  readonly width: number;
  readonly height: number;
  /** Channels of a pixel after each other; indices for palettes. */
  readonly samples: readonly number[];
  /** RGB triples. */
  readonly palette?: readonly number[];
  /** Chunks before the pixels that must not change them. */
  readonly extra?: readonly { readonly type: string; readonly data: Uint8Array }[];
}

/** The bytes of a PNG of `kind`. */
export function encodeKind(kind: PngKind, source: PngSource): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(source.width, 0);
  header.writeUInt32BE(source.height, 4);
  header.set([kind.bitDepth, kind.colorType, 0, 0, kind.interlaced ? 1 : 0], 8);
  const grids = kind.interlaced ? passes : ([[0, 0, 1, 1]] as const);
  const rows = grids.flatMap((grid) => encodePass(kind, source, grid));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    encodeChunk('IHDR', header),
    ...(source.extra ?? []).map(({ type, data }) => encodeChunk(type, data)),
    ...(kind.colorType === 3 ? [encodeChunk('PLTE', Uint8Array.from(source.palette!))] : []),
    encodeChunk('IDAT', deflateSync(Buffer.concat(rows))),
    encodeChunk('IEND', new Uint8Array()),
  ]);
}

function encodePass(
  { colorType, bitDepth }: PngKind,
  { width, height, samples }: PngSource,
  [x0, y0, dx, dy]: readonly [number, number, number, number],
): Buffer[] {
  const channels = channelsOf[colorType];
  if (x0 >= width) return [];
  const rows: Buffer[] = [];
  for (let y = y0; y < height; y += dy) {
    let bits = '';
    for (let x = x0; x < width; x += dx) {
      for (let k = 0; k < channels; k++) {
        bits += samples[(y * width + x) * channels + k]!.toString(2).padStart(bitDepth, '0');
      }
    }
    const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, '0'), 2));
    // Filter 0: none.
    rows.push(Buffer.from([0, ...bytes]));
  }
  return rows;
}

function encodeChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
