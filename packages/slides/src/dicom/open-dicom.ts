// Whole-slide images of DICOM (PS3.3, C.8.12): each level an instance or a concatenation of several, tiles are frames.
import { FileError, UnsupportedError } from '@hovernet/core';
import type { Codecs } from '../codecs/codecs.js';
import type { TiledSlide, TileGrid } from '../pyramid/tiled-slide.js';
import { toMpp } from '../resolution.js';
import type { ByteSource } from '../sources/byte-source.js';
import { numberOfFramesTag, readDicom, transferSyntax, type Dataset, type DicomFile } from './dataset.js';
import { openFrames } from './frames.js';

const tag = {
  imageType: 0x00080008,
  manufacturer: 0x00080070,
  instanceUid: 0x00080018,
  seriesUid: 0x0020000e,
  concatenationUid: 0x00209161,
  concatenationFrameOffset: 0x00209228,
  organization: 0x00209311,
  samplesPerPixel: 0x00280002,
  photometric: 0x00280004,
  planarConfiguration: 0x00280006,
  rows: 0x00280010,
  columns: 0x00280011,
  pixelSpacing: 0x00280030,
  bitsAllocated: 0x00280100,
  pixelMeasures: 0x00289110,
  totalColumns: 0x00480006,
  totalRows: 0x00480007,
  planePosition: 0x0048021a,
  columnPosition: 0x0048021e,
  rowPosition: 0x0048021f,
  sharedGroups: 0x52009229,
  frameGroups: 0x52009230,
} as const;

/**
 * The slide of the first source's series; sources of other series are closed.
 * @throws FileError where a file is damaged; UnsupportedError for what is not read.
 */
export async function openDicom(sources: readonly ByteSource[], codecs: Codecs): Promise<TiledSlide> {
  const first = await readDicom(sources[0]!);
  const series = first.dataset.text(tag.seriesUid);
  const files = [first];
  for (const source of sources.slice(1)) {
    const file = await readDicom(source).catch((error: unknown) => {
      if (error instanceof UnsupportedError) return undefined;
      throw error;
    });
    if (file?.dataset.text(tag.seriesUid) === series) files.push(file);
    else await source.close();
  }
  const levels: { readonly grid: TileGrid; readonly dataset: Dataset }[] = [];
  const associated = new Map<string, TileGrid>();
  for (const parts of groupInstances(files)) {
    const grid = await openGrid(parts, codecs);
    const { dataset } = parts[0]!;
    const kind = dataset.text(tag.imageType).split('\\')[2]?.toLowerCase() ?? 'volume';
    const isLevel = kind === 'volume' || kind === '' || files.length === 1;
    if (!isLevel) associated.set(kind === 'overview' ? 'macro' : kind, grid);
    else if (!levels.some((level) => level.grid.width === grid.width)) levels.push({ grid, dataset });
  }
  levels.sort((a, b) => b.grid.width - a.grid.width);
  const [largest] = levels;
  if (!largest) throw new FileError(first.source.name, 'expected an image of a slide, got its label or overview alone');
  const measures = largest.dataset.items(tag.sharedGroups)[0]?.items(tag.pixelMeasures)[0];
  const [y = NaN, x = NaN] = (measures?.text(tag.pixelSpacing) ?? '')
    .split('\\')
    .map((value) => 1000 * parseFloat(value));
  return {
    name: first.source.name,
    format: 'dicom',
    vendor: first.dataset.text(tag.manufacturer) || null,
    mpp: toMpp(x, y),
    levels: levels.map(({ grid }) => grid),
    associated,
    close: async () => void (await Promise.all(files.map(({ source }) => source.close()))),
  };
}

/** The files of each image, in the order of their frames. */
function groupInstances(files: readonly DicomFile[]): DicomFile[][] {
  const groups = new Map<string, DicomFile[]>();
  for (const [index, file] of files.entries()) {
    const uid = file.dataset.text(tag.concatenationUid) || file.dataset.text(tag.instanceUid) || String(index);
    groups.set(uid, [...(groups.get(uid) ?? []), file]);
  }
  const offsetOf = ({ dataset }: DicomFile) => dataset.number(tag.concatenationFrameOffset, 0);
  return [...groups.values()].map((parts) => parts.sort((a, b) => offsetOf(a) - offsetOf(b)));
}

async function openGrid(parts: readonly DicomFile[], codecs: Codecs): Promise<TileGrid> {
  const [{ dataset, source, transferSyntax: syntax }] = parts as [DicomFile];
  const [tileWidth, tileHeight] = [dataset.number(tag.columns, 0), dataset.number(tag.rows, 0)];
  const width = dataset.number(tag.totalColumns, tileWidth);
  const height = dataset.number(tag.totalRows, tileHeight);
  const channels = dataset.number(tag.samplesPerPixel, 1);
  const bits = dataset.number(tag.bitsAllocated, 8);
  if (
    ![tileWidth, tileHeight, width, height].every((side) => side >= 1 && side <= 2 ** 24) ||
    tileWidth * tileHeight > 2 ** 26
  )
    throw new FileError(source.name, `damaged DICOM: ${width}×${height} pixels in tiles of ${tileWidth}×${tileHeight}`);
  const color = dataset.text(tag.photometric);
  const isPlain = syntax === transferSyntax.explicit || syntax === transferSyntax.implicit;
  if (bits !== 8 || (channels !== 1 && channels !== 3) || (isPlain && color !== 'RGB' && color !== 'MONOCHROME2'))
    throw new UnsupportedError(
      `${source.name}: DICOM of ${channels} channels of ${bits} bits in ${color || 'unknown colours'} is not read; convert it`,
    );
  const columns = Math.ceil(width / tileWidth);
  const frames = await listFrames(parts, {
    columns,
    rows: Math.ceil(height / tileHeight),
    tileWidth,
    tileHeight,
    channels,
  });
  const readTile = async (column: number, row: number): Promise<Uint8Array | null> => {
    const read = frames.get(row * columns + column);
    if (!read) return null;
    const bytes = await read();
    const size = [tileWidth, tileHeight] as const;
    const where = `${source.name}: tile ${row * columns + column}`;
    if (isPlain) return toRgb(bytes, channels, dataset.number(tag.planarConfiguration, 0) === 1);
    const isJpeg = syntax === transferSyntax.jpegBaseline || syntax === transferSyntax.jpegExtended;
    const tile = isJpeg
      ? await codecs.decodeJpeg(bytes, { source: where, size, color: color === 'RGB' ? 'rgb' : 'ycbcr' })
      : await codecs.decodeJpeg2000(bytes, { source: where, size, isYcbcr: color.startsWith('YBR_FULL') });
    return toRgb(tile.data, tile.channels, false);
  };
  return { width, height, tilePx: [tileWidth, tileHeight], readTile };
}

interface Layout {
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly channels: number;
}

/** How to read the tile of each place: the first frame there, where there are several focal planes. */
async function listFrames(parts: readonly DicomFile[], { columns, rows, tileWidth, tileHeight, channels }: Layout) {
  const frames = new Map<number, () => Promise<Uint8Array>>();
  let isFull = true;
  for (const part of parts) {
    const { dataset, source } = part;
    const read = await openFrames(part, tileWidth * tileHeight * channels);
    const count = dataset.number(numberOfFramesTag, 1);
    if (!(count >= 1 && count <= 2 ** 24)) throw new FileError(source.name, `damaged DICOM: ${count} frames`);
    const groups = dataset.items(tag.frameGroups);
    const isSparse = dataset.text(tag.organization) !== 'TILED_FULL' && groups.length === count;
    isFull &&= !isSparse;
    const offset = dataset.number(tag.concatenationFrameOffset, 0);
    for (let index = 0; index < count; index++) {
      let place = offset + index;
      if (isSparse) {
        const position = groups[index]!.items(tag.planePosition)[0];
        const x = (position?.number(tag.columnPosition, NaN) ?? NaN) - 1;
        const y = (position?.number(tag.rowPosition, NaN) ?? NaN) - 1;
        if (!(x >= 0 && y >= 0) || x % tileWidth !== 0 || y % tileHeight !== 0)
          throw new UnsupportedError(
            `${source.name}: frame ${index} lies at (${x}, ${y}), not on a grid of ${tileWidth}×${tileHeight}; convert it`,
          );
        place = (y / tileHeight) * columns + x / tileWidth;
      }
      if (!frames.has(place)) frames.set(place, () => read(index));
    }
  }
  const whole = columns * rows;
  if (isFull && frames.size < whole)
    throw new FileError(
      parts[0]!.source.name,
      `incomplete: ${frames.size} of ${whole} tiles are there; copy all files of the slide`,
    );
  return frames;
}

function toRgb(data: Uint8Array, channels: number, isPlanar: boolean): Uint8Array {
  if (channels === 3 && !isPlanar) return data;
  const count = data.length / channels;
  const rgb = new Uint8Array(3 * count);
  for (let i = 0; i < rgb.length; i++) {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    rgb[i] = data[channels === 3 ? channel * count + pixel : pixel]!;
  }
  return rgb;
}
