// One image of a TIFF as a grid of tiles; strips are tiles as wide as the image.
import { FileError, UnsupportedError } from '@hovernet/core';
import { inflate } from '@hovernet/files/internal';
import { decompress as unzstd } from 'fzstd';
import type { Codecs } from '../codecs/codecs.js';
import type { TileGrid } from '../pyramid/tiled-slide.js';
import type { ByteSource } from '../sources/byte-source.js';
import { tag, type TiffDirectory } from './directory.js';
import { toRgb, type SampleLayout } from './to-rgb.js';
import { undoDifferences, unpackBits, unpackLzw } from './unpack.js';

export interface TiffImageFile {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  readonly codecs: Codecs;
}

/** What every tile of one image has in common. */
interface TileCoding extends Omit<SampleLayout, 'width' | 'height'> {
  readonly compression: number;
  readonly photometric: number;
  readonly planes: number;
  readonly hasPredictor: boolean;
  readonly jpegTables: Uint8Array | undefined;
}

const compressions: Readonly<Record<number, string>> = {
  1: 'none', 5: 'LZW', 7: 'JPEG', 8: 'Deflate', 32946: 'Deflate', 32773: 'PackBits',
  33003: 'JPEG 2000', 33005: 'JPEG 2000', 34712: 'JPEG 2000', 50000: 'zstd', 50001: 'WebP',
}; // prettier-ignore
const kinds: Readonly<Record<number, SampleLayout['kind']>> = {
  0: 'white-is-zero', 1: 'black-is-zero', 2: 'rgb', 3: 'palette', 6: 'rgb',
}; // prettier-ignore
const otherColors: Readonly<Record<number, string>> = { 4: 'a mask', 5: 'CMYK', 8: 'CIELab', 32803: 'a Bayer pattern' };
const maxSide = 2 ** 24;
/** Most pixels of one tile or strip, and most bytes that hold it. */
const maxTilePx = 2 ** 26;
const maxTileBytes = 2 ** 28;

/** @throws FileError for damaged fields; UnsupportedError, which says what the image is, for those that are not read. */
export async function openTiffGrid(directory: TiffDirectory, file: TiffImageFile): Promise<TileGrid> {
  const { name } = file.source;
  const width = await directory.number(tag.imageWidth, 0);
  const height = await directory.number(tag.imageLength, 0);
  if (!isSide(width) || !isSide(height))
    throw new FileError(name, `damaged TIFF: an image of ${width}×${height} pixels`);
  const isTiled = directory.has(tag.tileOffsets);
  const rows = Math.min(height, await directory.number(tag.rowsPerStrip, height));
  const tileWidth = isTiled ? await directory.number(tag.tileWidth, 0) : width;
  const tileHeight = isTiled ? await directory.number(tag.tileLength, 0) : rows;
  if (!isSide(tileWidth) || !isSide(tileHeight))
    throw new FileError(name, `damaged TIFF: tiles of ${tileWidth}×${tileHeight} pixels`);
  if (tileWidth * tileHeight > maxTilePx)
    throw new UnsupportedError(
      `${name}: a tile or strip of ${tileWidth}×${tileHeight} pixels is too large (2^26 at most); convert it to a tiled TIFF`,
    );
  const coding = await readCoding(directory, file);
  const columns = Math.ceil(width / tileWidth);
  const perPlane = columns * Math.ceil(height / tileHeight);
  const readTile = async (column: number, row: number): Promise<Uint8Array | null> => {
    const offsets = await directory.numbers(isTiled ? tag.tileOffsets : tag.stripOffsets);
    const counts = await directory.numbers(isTiled ? tag.tileByteCounts : tag.stripByteCounts);
    const rowCount = isTiled ? tileHeight : Math.min(tileHeight, height - row * tileHeight);
    const where = `${name}: ${isTiled ? 'tile' : 'strip'} ${row * columns + column}`;
    const planes: Uint8Array[] = [];
    for (let plane = 0; plane < coding.planes; plane++) {
      const index = plane * perPlane + row * columns + column;
      const [offset, count] = [
        offsets[index],
        counts[index] ?? (offsets.length === 1 ? file.source.size - offsets[0]! : undefined),
      ];
      if (offset === undefined || count === undefined)
        throw new FileError(name, `damaged TIFF: it has no offset of ${where}`);
      // A tile that was never written: nothing was scanned there.
      if (count === 0) return null;
      if (count > maxTileBytes) throw new FileError(name, `damaged TIFF: ${count} bytes for ${where}`);
      const packed = await file.source.read(offset, count);
      planes.push(await decodeTile(packed, { coding, size: [tileWidth, rowCount], where, file }));
    }
    const rgb = planes.length === 1 ? planes[0]! : interleave(planes);
    return rowCount === tileHeight ? rgb : padRows(rgb, 3 * tileWidth * tileHeight);
  };
  return { width, height, tilePx: [tileWidth, tileHeight], readTile };
}

function isSide(length: number): boolean {
  return Number.isInteger(length) && length >= 1 && length <= maxSide;
}

async function readCoding(
  directory: TiffDirectory,
  { source, littleEndian, codecs }: TiffImageFile,
): Promise<TileCoding> {
  const refuse = (problem: string): never => {
    throw new UnsupportedError(`${source.name}: ${problem}; convert it to an RGB TIFF of 8 bits`);
  };
  const channels = await directory.number(tag.samplesPerPixel, 1);
  const compression = await directory.number(tag.compression, 1);
  const photometric = await directory.number(tag.photometric, channels >= 3 ? 2 : 1);
  const depths = await directory.numbers(tag.bitsPerSample);
  const bits = depths[0] ?? 1;
  const format = await directory.number(tag.sampleFormat, 1);
  if (!(compression in compressions)) refuse(`its TIFF compression ${compression} is not read`);
  const kind =
    kinds[photometric] ?? refuse(`a TIFF whose colours are ${otherColors[photometric] ?? `of kind ${photometric}`}`);
  if (format !== 1 && format !== 4) refuse(`a TIFF of ${format === 3 ? 'floats' : 'signed numbers'}`);
  if (![1, 2, 4, 8, 16].includes(bits) || depths.some((depth) => depth !== bits))
    refuse(`a TIFF of ${depths.join(', ')} bits a sample`);
  if (kind === 'palette' && bits > 8) refuse('a TIFF with a palette of 16 bits');
  const least = kind === 'rgb' ? 3 : 1;
  if (channels < least || channels > least + 1)
    refuse(`a TIFF of ${channels} channels, which are no ${kind === 'rgb' ? 'RGB' : 'grey'} image`);
  const planes = (await directory.number(tag.planarConfiguration, 1)) === 2 ? channels : 1;
  const isJpeg = compression === 7;
  if (photometric === 6 && ![7, 33003, 33005, 34712].includes(compression)) refuse('a TIFF of YCbCr without JPEG');
  if (compression === 50001 && !codecs.host.decodeWebp)
    refuse('a TIFF packed by WebP, which needs the package sharp; npm install sharp');
  const predictor = await directory.number(tag.predictor, 1);
  if (predictor > 2) refuse(`a TIFF with predictor ${predictor}`);
  return {
    compression,
    photometric,
    planes,
    kind: planes > 1 ? 'black-is-zero' : kind,
    bits,
    channels: planes > 1 ? 1 : channels,
    littleEndian,
    colorMap: await directory.numbers(tag.colorMap),
    hasPredictor: predictor === 2,
    jpegTables: isJpeg ? await directory.bytes(tag.jpegTables) : undefined,
  };
}

interface TileContext {
  readonly coding: TileCoding;
  readonly size: readonly [width: number, height: number];
  readonly where: string;
  readonly file: TiffImageFile;
}

/** RGB of one tile, or of one plane of it. */
async function decodeTile(packed: Uint8Array, { coding, size, where, file }: TileContext): Promise<Uint8Array> {
  const [width, height] = size;
  const { compression, photometric, jpegTables, bits, channels, littleEndian } = coding;
  const { decodeJpeg, decodeJpeg2000, host } = file.codecs;
  const layout = { ...coding, width, height };
  const toRgbOf = ({ data, channels: decoded }: { readonly data: Uint8Array; readonly channels: number }) =>
    toRgb(data, { ...layout, bits: 8, channels: decoded, kind: decoded === 3 ? 'rgb' : coding.kind });
  switch (compressions[compression]) {
    case 'JPEG': {
      const color = photometric === 2 ? 'rgb' : 'ycbcr';
      return toRgbOf(await decodeJpeg(packed, { source: where, size, tables: jpegTables, color }));
    }
    case 'JPEG 2000': {
      const isYcbcr = compression === 33003 || photometric === 6;
      return toRgbOf(await decodeJpeg2000(packed, { source: where, size, isYcbcr }));
    }
    case 'WebP': {
      const image = await host.decodeWebp!(packed, where);
      if (image.shape[0] !== height || image.shape[1] !== width)
        throw new FileError(where, 'damaged WebP (pixels are missing)');
      return image.data;
    }
  }
  const rowBytes = Math.ceil((width * channels * bits) / 8);
  const data = unpack(packed, rowBytes * height, coding, where);
  if (data.length < rowBytes * height)
    throw new FileError(
      where,
      `truncated: ${data.length} of ${rowBytes * height} bytes are there; copy the file again`,
    );
  const samples = data.slice(0, rowBytes * height);
  if (coding.hasPredictor) {
    if (bits < 8) throw new UnsupportedError(`${where}: differences of ${bits} bits are not read; convert the file`);
    undoDifferences(samples, {
      rowSamples: width * channels,
      step: channels,
      bytesPerSample: bits === 16 ? 2 : 1,
      littleEndian,
    });
  }
  return toRgb(samples, layout);
}

function unpack(packed: Uint8Array, size: number, { compression }: TileCoding, where: string): Uint8Array {
  switch (compressions[compression]) {
    case 'LZW':
      return unpackLzw(packed, size);
    case 'PackBits':
      return unpackBits(packed, size);
    case 'Deflate':
      return inflate(packed, 'zlib', { source: where, maxSize: size });
    case 'zstd':
      return unpackZstd(packed, size, where);
    default:
      return packed;
  }
}

function unpackZstd(packed: Uint8Array, size: number, where: string): Uint8Array {
  try {
    return unzstd(packed, new Uint8Array(size));
  } catch (cause) {
    throw new FileError(where, 'damaged zstd; copy or export the file again', { cause });
  }
}

/** Red of the first plane, green of the second, blue of the third; each plane is grey as RGB. */
function interleave(planes: readonly Uint8Array[]): Uint8Array {
  const target = planes[0]!.slice();
  if (planes.length < 3) return target;
  for (let at = 0; at < target.length; at += 3) {
    target[at + 1] = planes[1]![at]!;
    target[at + 2] = planes[2]![at]!;
  }
  return target;
}

function padRows(rgb: Uint8Array, length: number): Uint8Array {
  const padded = new Uint8Array(length);
  padded.set(rgb);
  return padded;
}
