// PNG files decoded row by row, for images that are too large to be decoded as a whole.
import type { FileHandle } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { crc32, createInflate } from 'node:zlib';
import { FileError } from '@hovernet/core';
import { channelsOfColorType, parsePngHeader, pngStartBytes, predictPaeth, type PngHeader } from '../png-format.js';

const pieceBytes = 2 ** 20;

/** The header of the PNG in `file`; undefined where it is none. */
export async function readPngHeader(file: FileHandle): Promise<PngHeader | undefined> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(pngStartBytes), 0, pngStartBytes, 0);
  return parsePngHeader(buffer.subarray(0, bytesRead));
}

/**
 * The rows of a PNG that is not interlaced as RGB bytes, some whole rows at a time: the pixels that `readImage` gives.
 * @throws FileError naming `source` if it is damaged or truncated.
 */
export async function* readPngRows(
  file: FileHandle,
  header: PngHeader,
  source: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { width, height, bitDepth, colorType } = header;
  const channels = channelsOfColorType[colorType];
  if (!channels || ![1, 2, 4, 8, 16].includes(bitDepth)) throw new FileError(source, 'damaged PNG (bad header)');
  const palette: { colors?: Uint8Array } = {};
  const rowBytes = Math.ceil((width * channels * bitDepth) / 8);
  const step = Math.max(1, (channels * bitDepth) / 8);
  let above = new Uint8Array(rowBytes);
  let row = new Uint8Array(rowBytes + 1);
  let filled = 0;
  let rows = 0;
  for await (const bytes of inflateContent(file, source, palette)) {
    const chunk = new Uint8Array(3 * width * Math.ceil((filled + bytes.length) / (rowBytes + 1)));
    let decoded = 0;
    for (let at = 0; at < bytes.length;) {
      const part = Math.min(bytes.length - at, rowBytes + 1 - filled);
      row.set(bytes.subarray(at, at + part), filled);
      at += part;
      filled += part;
      if (filled <= rowBytes) break;
      if (++rows > height) throw new FileError(source, 'damaged PNG (too many rows); copy or export it again');
      const current = row.subarray(1);
      if (!unfilter(row[0]!, current, above, step)) throw new FileError(source, 'damaged PNG (unknown filter)');
      writeRgb(chunk.subarray(3 * width * decoded), current, { ...header, channels, colors: palette.colors });
      decoded++;
      above = current.slice();
      row = new Uint8Array(rowBytes + 1);
      filled = 0;
    }
    if (decoded > 0) yield chunk.subarray(0, 3 * width * decoded);
  }
  if (rows < height) throw new FileError(source, `truncated PNG: ${rows} of ${height} rows are there`);
}

/** The inflated content of all IDAT chunks. */
async function* inflateContent(
  file: FileHandle,
  source: string,
  palette: { colors?: Uint8Array },
): AsyncGenerator<Buffer, void, undefined> {
  const inflate = createInflate({ chunkSize: pieceBytes });
  pipeline(Readable.from(readContent(file, source, palette)), inflate, () => undefined);
  try {
    for await (const bytes of inflate) yield bytes as Buffer;
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FileError(source, `damaged PNG (${reason}); copy or export it again`, { cause });
  }
}

/** The bytes of all IDAT chunks, checksums tested; keeps the palette. */
async function* readContent(
  file: FileHandle,
  source: string,
  palette: { colors?: Uint8Array },
): AsyncGenerator<Buffer, void, undefined> {
  const read = async (length: number, position: number) => {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, position);
    if (bytesRead < length) throw new FileError(source, 'truncated PNG; copy or export it again');
    return bytes;
  };
  for (let at = 8; ;) {
    const head = await read(8, at);
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4);
    if (type === 'IEND') return;
    if (type === 'IDAT' || type === 'PLTE') {
      let sum = crc32(head.subarray(4));
      for (let done = 0; done < length; done += pieceBytes) {
        const piece = await read(Math.min(pieceBytes, length - done), at + 8 + done);
        sum = crc32(piece, sum);
        if (type === 'IDAT') yield piece;
        else palette.colors = piece;
      }
      if (sum !== (await read(4, at + 8 + length)).readUInt32BE(0))
        throw new FileError(source, `damaged PNG (checksum of ${type} differs); copy or export it again`);
    }
    at += length + 12;
  }
}

/** Puts back what the filter took away, in place; false for a filter that PNG does not have. */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): boolean {
  for (let x = 0; x < row.length; x++) {
    const left = x < step ? 0 : row[x - step]!;
    const up = above[x]!;
    const corner = x < step ? 0 : above[x - step]!;
    switch (filter) {
      case 0:
        return true;
      case 1:
        row[x]! += left;
        break;
      case 2:
        row[x]! += up;
        break;
      case 3:
        row[x]! += (left + up) >> 1;
        break;
      case 4:
        row[x]! += predictPaeth(left, up, corner);
        break;
      default:
        return false;
    }
  }
  return true;
}

interface RowFormat extends PngHeader {
  readonly channels: number;
  readonly colors: Uint8Array | undefined;
}

/** Alpha is dropped, grey tripled, 16 bits and less than 8 scaled to 8, as `readImage` does. */
function writeRgb(
  target: Uint8Array,
  row: Uint8Array,
  { width, bitDepth, channels, colorType, colors }: RowFormat,
): void {
  const mask = 2 ** bitDepth - 1;
  const sample = (index: number) => {
    if (bitDepth === 8) return row[index]!;
    if (bitDepth === 16) return Math.floor(((row[2 * index]! << 8) | row[2 * index + 1]!) * (255 / 65535) + 0.5);
    const bit = index * bitDepth;
    const value = (row[bit >> 3]! >> (8 - bitDepth - (bit & 7))) & mask;
    return colorType === 3 ? value : (value * 255) / mask;
  };
  for (let x = 0, to = 0; x < width; x++, to += 3) {
    const first = sample(x * channels);
    for (let k = 0; k < 3; k++) {
      if (colorType === 3) target[to + k] = colors?.[3 * first + k] ?? 0;
      else target[to + k] = channels < 3 ? first : sample(x * channels + k);
    }
  }
}
