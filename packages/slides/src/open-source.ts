// What a file is by its first bytes, and its reader.
import { FileError, createRgbImage, type RgbImage } from '@hovernet/core';
import { parseNpyHeader } from '@hovernet/files/internal';
import type { Codecs } from './codecs/codecs.js';
import { isDicom } from './dicom/dataset.js';
import { openDicom } from './dicom/open-dicom.js';
import { createImageGrid, createTiledSlide, type TiledSlide, type TileGrid } from './pyramid/tiled-slide.js';
import type { OpenSlideOptions, SlideFormat, SlideReader } from './slide-reader.js';
import type { ByteSource } from './sources/byte-source.js';
import { isTiff } from './tiff/directory.js';
import { openTiff } from './tiff/open-tiff.js';

/** Bytes that tell what a file is. */
const startBytes = 256;
/** Largest file that is decoded as a whole. */
const maxWholeBytes = 2 ** 30;

/**
 * The slide in `sources`, one file or the instances of a DICOM series; they are closed with it, and at once where it cannot be opened.
 * @throws FileError for a file that is damaged or none of the formats; UnsupportedError for what is not read.
 */
export async function openSource(
  sources: readonly [ByteSource, ...ByteSource[]],
  codecs: Codecs,
  options: OpenSlideOptions,
): Promise<SlideReader> {
  try {
    return createTiledSlide(await openFormat(sources, codecs), options);
  } catch (error) {
    await Promise.all(sources.map((source) => source.close()));
    throw error;
  }
}

async function openFormat(sources: readonly [ByteSource, ...ByteSource[]], codecs: Codecs): Promise<TiledSlide> {
  const [source] = sources;
  const start = await source.read(0, Math.min(startBytes, source.size));
  if (isDicom(start)) return openDicom(sources, codecs);
  if (isTiff(start)) return openTiff(source, codecs);
  if (startsWith(start, [0x93, ...toCodes('NUMPY')])) return openNpy(source);
  if (startsWith(start, [0xff, 0xd8]))
    return openWhole('jpeg', source, (bytes) => decodeJpegImage(bytes, source.name, codecs));
  if (startsWith(start, [0x89, ...toCodes('PNG')]))
    return openWhole('png', source, (bytes) => codecs.host.decodePng(bytes, source.name));
  const problem = source.size === 0 ? 'is empty' : 'not a PNG, JPEG, TIFF, SVS, DICOM or .npy file';
  throw new FileError(source.name, `${problem}; check the path, or convert the image to PNG`);
}

function startsWith(bytes: Uint8Array, codes: readonly number[]): boolean {
  return codes.every((code, i) => bytes[i] === code);
}

function toCodes(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

async function openWhole(
  format: SlideFormat,
  source: ByteSource,
  decode: (bytes: Uint8Array) => Promise<RgbImage>,
): Promise<TiledSlide> {
  const { name, size } = source;
  if (size > maxWholeBytes)
    throw new FileError(name, `${format} of ${size} bytes is too large; convert it to a pyramid`);
  const image = await decode(await source.read(0, size));
  return createSingleLevel(format, source, createImageGrid(image));
}

async function decodeJpegImage(bytes: Uint8Array, name: string, { decodeJpeg }: Codecs): Promise<RgbImage> {
  const { width, height, channels, data } = await decodeJpeg(bytes, { source: name });
  return createRgbImage(height, width, channels === 3 ? data : repeatGrey(data));
}

function repeatGrey(values: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(3 * values.length);
  for (let i = 0, to = 0; i < values.length; i++, to += 3) rgb.fill(values[i]!, to, to + 3);
  return rgb;
}

/** Rows of an array are read as they are needed. */
async function openNpy(source: ByteSource): Promise<TiledSlide> {
  const { name, size } = source;
  const { dtype, shape, fortranOrder, dataOffset } = parseNpyHeader(
    await source.read(0, Math.min(2 ** 16, size)),
    name,
  );
  const [height = 0, width = 0, channels = 1] = shape;
  const isImage = (shape.length === 2 || (shape.length === 3 && channels === 3)) && height * width > 0;
  if (dtype !== 'uint8' || !isImage || fortranOrder)
    throw new FileError(name, `expected an image, uint8 [height, width, 3], got ${dtype} [${shape.join(', ')}]`);
  const rowBytes = width * channels;
  if (size < dataOffset + rowBytes * height)
    throw new FileError(name, `truncated: ${dataOffset + rowBytes * height} bytes expected, got ${size}`);
  const rows = Math.min(height, Math.max(1, Math.floor(2 ** 20 / rowBytes)));
  return createSingleLevel('npy', source, {
    width,
    height,
    tilePx: [width, rows],
    async readTile(_column, row) {
      const count = Math.min(rows, height - row * rows);
      const values = await source.read(dataOffset + row * rows * rowBytes, count * rowBytes);
      return channels === 3 ? values : repeatGrey(values);
    },
  });
}

function createSingleLevel(format: SlideFormat, source: ByteSource, grid: TileGrid): TiledSlide {
  const close = () => source.close();
  return { name: source.name, format, vendor: null, mpp: null, levels: [grid], associated: new Map(), close };
}
