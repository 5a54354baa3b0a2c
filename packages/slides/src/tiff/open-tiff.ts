// TIFF files as slides: Aperio's SVS, OME-TIFF, pyramids and single images.
import { UnsupportedError } from '@hovernet/core';
import type { Codecs } from '../codecs/codecs.js';
import type { TiledSlide, TileGrid } from '../pyramid/tiled-slide.js';
import { toMpp } from '../resolution.js';
import { bufferSource, type ByteSource } from '../sources/byte-source.js';
import { readTiff, tag, type TiffDirectory, type TiffFile } from './directory.js';
import { openTiffGrid, type TiffImageFile } from './tiff-grid.js';

/** Makers whose files are TIFFs of a kind of their own, which the OpenSlide library reads. */
export type ForeignTiff = 'Hamamatsu NDPI' | 'Leica SCN' | 'Ventana BIF' | 'Philips TIFF';

/** A TIFF that this package does not read itself. */
export class ForeignTiffError extends UnsupportedError {
  constructor(
    name: string,
    readonly kind: ForeignTiff,
  ) {
    super(
      `${name}: expected SVS, TIFF, OME-TIFF or DICOM, got ${kind}, which is not supported; convert it, for example to OME-TIFF with Bio-Formats`,
    );
  }
}

/** @throws FileError where the file is damaged; UnsupportedError for what is not read. */
export async function openTiff(source: ByteSource, codecs: Codecs): Promise<TiledSlide> {
  const tiff = await readTiff(bufferSource(source));
  const [first] = tiff.directories as [TiffDirectory];
  const description = await first.text(tag.imageDescription);
  await refuseForeign(source.name, first, description);
  const file: TiffImageFile = { source, littleEndian: tiff.littleEndian, codecs };
  const shared = { name: source.name, close: () => source.close() };
  if (description.startsWith('Aperio')) return { ...shared, ...(await openAperio(tiff, description, file)) };
  if (/<OME[\s>]/.test(description)) return { ...shared, ...(await openOme(tiff, description, file)) };
  return { ...shared, ...(await openPlain(tiff, file)) };
}

type TiffSlide = Omit<TiledSlide, 'name' | 'close'>;

async function refuseForeign(name: string, first: TiffDirectory, description: string): Promise<void> {
  if (first.has(tag.ndpi)) throw new ForeignTiffError(name, 'Hamamatsu NDPI');
  if (description.includes('leica-microsystems.com/scn')) throw new ForeignTiffError(name, 'Leica SCN');
  if (first.has(tag.xmp) && (await first.text(tag.xmp)).includes('<iScan'))
    throw new ForeignTiffError(name, 'Ventana BIF');
  if ((await first.text(tag.software)).startsWith('Philips')) throw new ForeignTiffError(name, 'Philips TIFF');
}

/** Levels are tiled, pictures beside them are in strips: the thumbnail second, then label and macro, named by their text. */
async function openAperio(tiff: TiffFile, description: string, file: TiffImageFile): Promise<TiffSlide> {
  const levels: TileGrid[] = [];
  const associated = new Map<string, TileGrid>();
  for (const [index, directory] of tiff.directories.entries()) {
    const grid = await openTiffGrid(directory, file);
    if (directory.has(tag.tileOffsets)) levels.push(grid);
    else {
      const line = (await directory.text(tag.imageDescription)).split('\n')[1] ?? '';
      const name = index === 1 ? 'thumbnail' : (/^\w+/.exec(line)?.[0] ?? `image ${index}`);
      associated.set(name, grid);
    }
  }
  const mpp = Number(/\|\s*MPP\s*=\s*([\d.]+)/.exec(description)?.[1]);
  if (levels.length === 0) return openPlain(tiff, file);
  return { format: 'svs', vendor: 'Aperio', mpp: toMpp(mpp), levels: sortLevels(levels), associated };
}

/** The first image with the pyramid in its SubIFDs. */
async function openOme(tiff: TiffFile, xml: string, file: TiffImageFile): Promise<TiffSlide> {
  const [first] = tiff.directories as [TiffDirectory];
  const levels = [await openTiffGrid(first, file)];
  for (const directory of await tiff.readSubDirectories(first)) levels.push(await openTiffGrid(directory, file));
  const size = (axis: 'X' | 'Y') => {
    const value = Number(new RegExp(`PhysicalSize${axis}\\s*=\\s*"([^"]+)"`).exec(xml)?.[1]);
    const unit = new RegExp(`PhysicalSize${axis}Unit\\s*=\\s*"([^"]+)"`).exec(xml)?.[1] ?? 'µm';
    return value * (omeUnits[unit] ?? NaN);
  };
  return {
    format: 'ome-tiff',
    vendor: null,
    mpp: toMpp(size('X'), size('Y')),
    levels: sortLevels(levels),
    associated: new Map(),
  };
}

const omeUnits: Readonly<Record<string, number>> = {
  µm: 1,
  '&#181;m': 1,
  '&#xB5;m': 1,
  nm: 1e-3,
  mm: 1e3,
  cm: 1e4,
  m: 1e6,
};

/** The first image, and smaller ones of its shape behind it or in its SubIFDs. */
async function openPlain(tiff: TiffFile, file: TiffImageFile): Promise<TiffSlide> {
  const [first, ...others] = tiff.directories as [TiffDirectory, ...TiffDirectory[]];
  const largest = await openTiffGrid(first, file);
  const levels = [largest];
  for (const directory of [...others, ...(await tiff.readSubDirectories(first))]) {
    const size = [await directory.number(tag.imageWidth, 0), await directory.number(tag.imageLength, 0)] as const;
    const isTiled = directory.has(tag.tileOffsets) === first.has(tag.tileOffsets);
    if (isTiled && isSmallerCopy(largest, size)) levels.push(await openTiffGrid(directory, file));
  }
  const perUnit = { 2: 25_400, 3: 10_000 }[await first.number(tag.resolutionUnit, 2)] ?? NaN;
  const mpp = toMpp(
    perUnit / (await first.number(tag.xResolution, 0)),
    perUnit / (await first.number(tag.yResolution, 0)),
  );
  const maker = await first.text(tag.make);
  return { format: 'tiff', vendor: maker || null, mpp, levels: sortLevels(levels), associated: new Map() };
}

/** Whether a picture of that size can be `grid` at a smaller scale: half of it or less, sides rounded either way. */
function isSmallerCopy({ width, height }: TileGrid, [smallWidth, smallHeight]: readonly [number, number]): boolean {
  if (!(smallWidth > 0 && smallHeight > 0 && smallWidth < width && smallHeight < height)) return false;
  const scale = Math.max(width / smallWidth, height / smallHeight);
  return Math.abs(width / scale - smallWidth) <= 1 && Math.abs(height / scale - smallHeight) <= 1;
}

function sortLevels(levels: readonly TileGrid[]): readonly TileGrid[] {
  return [...levels].sort((a, b) => b.width * b.height - a.width * a.height);
}
