// Label maps as TIFF: tiles of 32-bit numbers, compressed by Deflate.
import { UnsupportedError, type Box } from '@hovernet/core';
import { compressChunks, joinChunks } from '../compress-chunks.js';

export interface LabelTiffOptions {
  readonly width: number;
  readonly height: number;
  /** Micrometres per pixel; null where unknown. @default null */
  readonly mpp?: number | null;
}

const tilePx = 512;
const largestFile = 2 ** 32 - 1;

/**
 * The bytes of a TIFF file of the labels that `read` gives of a box, row by row. Compressed tiles are gathered in memory; those
 * without a label are kept once.
 * @throws UnsupportedError from 4 GiB on; what `read` throws.
 */
export async function* encodeLabelTiff(
  options: LabelTiffOptions,
  read: (box: Box) => Promise<Int32Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { width, height } = options;
  const tiles: Uint8Array[] = [];
  let blank: Uint8Array | undefined;
  for (let y = 0; y < height; y += tilePx) {
    for (let x = 0; x < width; x += tilePx) {
      const box: Box = [x, y, Math.min(width, x + tilePx), Math.min(height, y + tilePx)];
      const labels = await read(box);
      if (labels.every((label) => label === 0)) tiles.push((blank ??= await compressTile(new Int32Array(0), box)));
      else tiles.push(await compressTile(labels, box));
    }
  }
  yield encodeHead(options, tiles);
  for (const tile of new Set(tiles)) yield tile;
}

/** A whole tile; what lies beyond the image is 0. */
async function compressTile(labels: Int32Array, [x0, , x1]: Box): Promise<Uint8Array> {
  const whole = new Int32Array(tilePx ** 2);
  const width = x1 - x0;
  for (let from = 0, to = 0; from < labels.length; from += width, to += tilePx)
    whole.set(labels.subarray(from, from + width), to);
  const parts: Uint8Array[] = [];
  for await (const part of compressChunks('deflate', [new Uint8Array(whole.buffer)])) parts.push(part);
  return joinChunks(parts);
}

/** Numbers of types of entries. */
const [short, long, rational] = [3, 4, 5];

/** What precedes the tiles: the header, the directory, and what does not fit into its entries. */
function encodeHead({ width, height, mpp = null }: LabelTiffOptions, tiles: readonly Uint8Array[]): Uint8Array {
  const entries: [tag: number, type: number, values: readonly number[]][] = [
    [256, long, [width]],
    [257, long, [height]],
    [258, short, [32]],
    [259, short, [8]],
    [262, short, [1]],
    [277, short, [1]],
    ...(mpp === null ? [] : resolutionEntries(mpp)),
    [322, short, [tilePx]],
    [323, short, [tilePx]],
    [324, long, tiles.map(() => 0)],
    [325, long, tiles.map(({ length }) => length)],
    [339, short, [1]],
  ];
  const sizeOf = (type: number, values: readonly number[]) => values.length * (type === short ? 2 : 4);
  const outside = entries.map(([, type, values]) => sizeOf(type, values)).filter((size) => size > 4);
  const directory = 2 + 12 * entries.length + 4;
  const length = 8 + directory + outside.reduce((sum, size) => sum + size, 0);
  entries[entries.findIndex(([tag]) => tag === 324)]![2] = placeTiles(tiles, length);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, 8, true);
  view.setUint16(8, entries.length, true);
  let end = 8 + directory;
  entries.forEach(([tag, type, values], index) => {
    const at = 10 + 12 * index;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, type === rational ? values.length / 2 : values.length, true);
    const size = sizeOf(type, values);
    const target = size > 4 ? end : at + 8;
    if (size > 4) view.setUint32(at + 8, end, true);
    values.forEach((value, place) => {
      if (type === short) view.setUint16(target + 2 * place, value, true);
      else view.setUint32(target + 4 * place, value, true);
    });
    if (size > 4) end += size;
  });
  return bytes;
}

/** Pixels per centimetre, in thousandths. */
function resolutionEntries(mpp: number): [number, number, readonly number[]][] {
  const perCentimetre = [Math.round(1e7 / mpp), 1000];
  return [
    [282, rational, perCentimetre],
    [283, rational, perCentimetre],
    [296, short, [3]],
  ];
}

function placeTiles(tiles: readonly Uint8Array[], start: number): number[] {
  const places = new Map<Uint8Array, number>();
  let end = start;
  for (const tile of new Set(tiles)) {
    places.set(tile, end);
    end += tile.length;
  }
  if (end > largestFile) throw new UnsupportedError('encodeLabelTiff: expected less than 4 GiB; write NIfTI');
  return tiles.map((tile) => places.get(tile)!);
}
