// Patches that are cut from prepared tiles when they are read (formats `npz` and `raw`).
import { join } from 'node:path';
import {
  createLabelMap,
  createRgbImage,
  createTypeMap,
  FileError,
  type LabelledImage,
  toContiguous,
} from '@hovernet/core';
import { readFileBytes } from '@hovernet/files/node';
import { cutPatch } from '../patches/cut-patch.js';
import { formatPatchName, patchIndexName, patchParts, type PatchIndex } from '../patches/patch-format.js';
import { listPatchOrigins, type PatchOrigin } from '../patches/patch-grid.js';
import { createCacheDataset } from './cache-dataset.js';
import type { PatchDataset } from './dataset.js';
import { readTileArchive, readTileArrays } from './read-prepared.js';

interface CutPatch {
  readonly name: string;
  readonly tile: number;
  readonly origin: PatchOrigin;
}

/** The patches that the index of `directory` lists, in the order that their files would have in format `npy`. */
export async function openCutPatches(directory: string, tileCacheBytes: number): Promise<PatchDataset> {
  const path = join(directory, patchIndexName);
  const index = parseIndex(new TextDecoder().decode(await readFileBytes(path)), path);
  const patches = index.tiles.flatMap(({ name, height, width }, tile): CutPatch[] =>
    listPatchOrigins(height, width, index).map((origin, at) => ({ name: formatPatchName(name, at), tile, origin })),
  );
  const readTile = index.format === 'npz' ? readTileArchive : readTileArrays;
  const sortKey = ({ name }: CutPatch) => `${name}_${patchParts[0]}.npy`;
  patches.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const tiles = createCacheDataset(
    {
      length: index.tiles.length,
      name: (tile) => index.tiles[tile]!.name,
      load: (tile) => readTile(directory, index.tiles[tile]!.name),
    },
    { memoryLimitBytes: tileCacheBytes },
  );
  return {
    length: patches.length,
    name: (at) => patches[at]!.name,
    load: async (at) => cut(await tiles.load(patches[at]!.tile), patches[at]!.origin, index.patchSize),
  };
}

function cut(tile: LabelledImage, origin: PatchOrigin, patchSize: readonly [number, number]): LabelledImage {
  const [height, width] = patchSize;
  const [tileHeight, tileWidth] = tile.image.shape as [number, number];
  const patch = {
    image: createRgbImage(height, width),
    instanceMap: createLabelMap(height, width),
    typeMap: createTypeMap(height, width),
  };
  const copy = (source: Uint8Array | Int32Array, target: Uint8Array | Int32Array, channels: number) => {
    const block = { data: source, height: tileHeight, width: tileWidth, channels };
    cutPatch(block, origin, { data: target, height, width });
  };
  copy(toContiguous(tile.image), patch.image.data, 3);
  copy(toContiguous(tile.instanceMap), patch.instanceMap.data, 1);
  copy(toContiguous(tile.typeMap), patch.typeMap.data, 1);
  return patch;
}

function parseIndex(json: string, path: string): PatchIndex {
  try {
    const index = JSON.parse(json) as PatchIndex;
    const known = index.format === 'npz' || index.format === 'raw';
    if (known && Array.isArray(index.tiles) && index.tiles.length > 0) return index;
  } catch (cause) {
    throw new FileError(path, 'damaged index; prepare the patches again', { cause });
  }
  throw new FileError(path, 'no index of tiles; prepare the patches again');
}
