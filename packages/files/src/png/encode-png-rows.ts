// PNG files written row by row: RGB, 16-bit grey for ids, or indices into a palette.
import { ArgumentError, UnsupportedError } from '@hovernet/core';
import { compressChunks } from '../compress-chunks.js';
import { createPngChunk, pngSignature, predictPaeth } from './png-format.js';
import { checkRows, type MapRows } from './row-chunks.js';

/** Colours of a palette PNG, by index; at most 256. */
export type Palette = readonly (readonly [red: number, green: number, blue: number])[];

/** An image whose rows come one after the other. */
export interface PngRowsOptions {
  readonly width: number;
  readonly height: number;
  /**
   * `rgb`: three bytes a pixel; `grey16`: ids of 0 to 65,535; `palette`: one byte a pixel, an index into `palette`, which
   * readers give as it is and viewers show in its colour.
   */
  readonly kind: 'rgb' | 'grey16' | 'palette';
  /** For `palette`: a colour for every index that occurs. */
  readonly palette?: Palette;
}

const colorTypes = { rgb: 2, grey16: 0, palette: 3 } as const;
const bytesPerPixel = { rgb: 3, grey16: 2, palette: 1 } as const;
/** Numbers of the filters that are used: photographs compress best by the last, maps by the first. */
const filters = { up: 2, paeth: 4 } as const;
const largestId = 0xffff;

/**
 * The bytes of a PNG file of which `rows` gives any number of whole rows at a time, in memory of a few rows.
 * @throws ShapeError if fewer or more rows come; UnsupportedError for ids beyond 65,535; ArgumentError for sides that are no
 * integers ≥ 1 and for a palette that is missing or longer than 256; what `rows` throws.
 */
export async function* encodePngRows(
  options: PngRowsOptions,
  rows: MapRows<Int32Array | Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { width, height, kind, palette = [] } = options;
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || side > 0x7fffffff)
      throw new ArgumentError(`encodePngRows: expected sides of 1 to 2^31 − 1 pixels, got ${width}×${height}`);
  }
  if (kind === 'palette' && (palette.length === 0 || palette.length > 256))
    throw new ArgumentError(`encodePngRows: expected a palette of 1 to 256 colours, got ${palette.length}`);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = kind === 'grey16' ? 16 : 8;
  header[9] = colorTypes[kind];
  yield pngSignature;
  yield createPngChunk('IHDR', header);
  if (kind === 'palette') yield createPngChunk('PLTE', Uint8Array.from(palette.flat()));
  const filtered = filterRows(
    kind,
    width,
    checkRows('encodePngRows', rows, { width, height, channels: kind === 'rgb' ? 3 : 1 }),
  );
  for await (const bytes of compressChunks('deflate', filtered)) yield createPngChunk('IDAT', bytes);
  yield createPngChunk('IEND', new Uint8Array(0));
}

/** Each chunk of rows as PNG stores it, every row behind the number of its filter. */
async function* filterRows(
  kind: PngRowsOptions['kind'],
  width: number,
  rows: AsyncIterable<Int32Array | Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const step = bytesPerPixel[kind];
  const rowBytes = width * step;
  let above = new Uint8Array(rowBytes);
  for await (const chunk of rows) {
    const bytes = kind === 'grey16' ? toBigEndian(chunk) : (chunk as Uint8Array);
    const count = bytes.length / rowBytes;
    const filtered = new Uint8Array(count * (rowBytes + 1));
    for (let y = 0; y < count; y++) {
      const row = bytes.subarray(y * rowBytes, (y + 1) * rowBytes);
      const target = filtered.subarray(y * (rowBytes + 1), (y + 1) * (rowBytes + 1));
      target[0] = kind === 'rgb' ? filters.paeth : filters.up;
      if (kind === 'rgb') filterPaeth(target, row, above, step);
      else for (let x = 0; x < rowBytes; x++) target[x + 1] = row[x]! - above[x]!;
      above = row.slice();
    }
    yield filtered;
  }
}

/** Each byte less the one of its neighbours left, above and above left that is nearest to left + above − above left. */
function filterPaeth(target: Uint8Array, row: Uint8Array, above: Uint8Array, step: number): void {
  for (let x = 0; x < row.length; x++) {
    const left = x < step ? 0 : row[x - step]!;
    const corner = x < step ? 0 : above[x - step]!;
    target[x + 1] = row[x]! - predictPaeth(left, above[x]!, corner);
  }
}

function toBigEndian(ids: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(2 * ids.length);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (id < 0 || id > largestId)
      throw new UnsupportedError(`encodePngRows: expected ids of 0 to ${largestId} for 16 bits, got ${id}; use .npy`);
    bytes[2 * i] = id >> 8;
    bytes[2 * i + 1] = id & 0xff;
  }
  return bytes;
}
