// Slides whose levels are grids of tiles, whatever the format that stores them.
import { ArgumentError, createRgbImage, type Box, type RgbImage } from '@hovernet/core';
import type { OpenSlideOptions, SlideReader } from '../slide-reader.js';
import { TileCache } from './tile-cache.js';

/** A picture in tiles of one size; those at the right and lower border may reach beyond it. */
export interface TileGrid {
  readonly width: number;
  readonly height: number;
  readonly tilePx: readonly [width: number, height: number];
  /** RGB of one tile, `3 × width × height` bytes; null where the picture has no pixels. */
  readTile(column: number, row: number): Promise<Uint8Array | null>;
}

export interface TiledSlide extends Pick<SlideReader, 'name' | 'format' | 'vendor' | 'mpp'> {
  /** From the largest to the smallest. */
  readonly levels: readonly TileGrid[];
  readonly associated: ReadonlyMap<string, TileGrid>;
  close(): Promise<void>;
}

const defaultCacheBytes = 64 * 2 ** 20;
/** Tiles that are read at once. */
const readsAtOnce = 8;
/** Most pixels of a region: what an array of bytes holds. */
const maxRegionPx = 2 ** 29;

export function createTiledSlide(slide: TiledSlide, { cacheBytes = defaultCacheBytes }: OpenSlideOptions): SlideReader {
  const { name, format, vendor, mpp, levels, associated } = slide;
  const cache = new TileCache(cacheBytes);
  const [{ width, height }] = levels as [TileGrid];
  return {
    name,
    format,
    vendor,
    mpp,
    levels: levels.map((level) => ({
      width: level.width,
      height: level.height,
      downsample: (width / level.width + height / level.height) / 2,
      tilePx: level.tilePx,
    })),
    associated: [...associated.keys()],
    readRegion(level, box, signal) {
      const grid = levels[level];
      if (!grid) throw new ArgumentError(`readRegion: expected a level from 0 to ${levels.length - 1}, got ${level}`);
      return readBox(grid, box, { cache, key: String(level), signal });
    },
    readAssociated(picture, signal) {
      const grid = associated.get(picture);
      if (!grid) {
        const known = [...associated.keys()].join(', ') || 'none';
        throw new ArgumentError(`readAssociated: expected one of the pictures of ${name} (${known}), got ${picture}`);
      }
      return readBox(grid, [0, 0, grid.width, grid.height], { cache, key: picture, signal });
    },
    close: () => {
      cache.clear();
      return slide.close();
    },
  };
}

interface ReadOptions {
  readonly cache: TileCache;
  /** Of the grid, among all of the slide. */
  readonly key: string;
  readonly signal: AbortSignal | undefined;
}

async function readBox(grid: TileGrid, box: Box, { cache, key, signal }: ReadOptions): Promise<RgbImage> {
  const [x0, y0, x1, y1] = box;
  const isBox = box.every(Number.isInteger) && x0 < x1 && y0 < y1 && (x1 - x0) * (y1 - y0) <= maxRegionPx;
  if (!isBox) throw new ArgumentError(`readRegion: expected a box of 1 to 2^29 whole pixels, got [${box.join(', ')})`);
  const region = createRgbImage(y1 - y0, x1 - x0);
  region.data.fill(255);
  const [tileWidth, tileHeight] = grid.tilePx;
  const [left, top] = [Math.max(0, x0), Math.max(0, y0)];
  const [right, bottom] = [Math.min(grid.width, x1), Math.min(grid.height, y1)];
  if (left >= right || top >= bottom) return region;
  const columns = [Math.floor(left / tileWidth), Math.ceil(right / tileWidth)] as const;
  const rows = [Math.floor(top / tileHeight), Math.ceil(bottom / tileHeight)] as const;
  const places = listPlaces(columns, rows);
  const work = async () => {
    for (const [column, row] of places) {
      signal?.throwIfAborted();
      const tile = await cache.get(`${key}/${column}/${row}`, () => grid.readTile(column, row));
      if (!tile) continue;
      const visible: Box = [
        Math.max(left, column * tileWidth),
        Math.max(top, row * tileHeight),
        Math.min(right, (column + 1) * tileWidth),
        Math.min(bottom, (row + 1) * tileHeight),
      ];
      copyTile(region, tile, { visible, tileWidth, at: [column * tileWidth, row * tileHeight], origin: [x0, y0] });
    }
  };
  await Promise.all(Array.from({ length: readsAtOnce }, work));
  return region;
}

type Range = readonly [start: number, end: number];

function* listPlaces([left, right]: Range, [top, bottom]: Range): Generator<readonly [column: number, row: number]> {
  for (let row = top; row < bottom; row++) for (let column = left; column < right; column++) yield [column, row];
}

interface TilePlace {
  /** The part of the tile that the region shows, in pixels of the grid. */
  readonly visible: Box;
  readonly tileWidth: number;
  /** Top-left pixels of the tile and of the region. */
  readonly at: readonly [x: number, y: number];
  readonly origin: readonly [x: number, y: number];
}

function copyTile(region: RgbImage, tile: Uint8Array, { visible, tileWidth, at, origin }: TilePlace): void {
  const [x0, y0, x1, y1] = visible;
  const regionWidth = region.shape[1]!;
  for (let y = y0; y < y1; y++) {
    const from = 3 * ((y - at[1]) * tileWidth + x0 - at[0]);
    const to = 3 * ((y - origin[1]) * regionWidth + x0 - origin[0]);
    region.data.set(tile.subarray(from, from + 3 * (x1 - x0)), to);
  }
}

/** A whole picture in memory as the only tile of its grid. */
export function createImageGrid(image: RgbImage): TileGrid {
  const [height, width] = image.shape as [number, number];
  return { width, height, tilePx: [width, height], readTile: () => Promise.resolve(image.data) };
}
