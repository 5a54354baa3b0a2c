// Prepared whole tiles as a data set, for evaluation.
import { join } from 'node:path';
import { FileError } from '@hovernet/core';
import { listFileNames } from '@hovernet/files/internal/node';
import { tileFileNames } from '../patches/patch-format.js';
import type { PatchDataset } from './dataset.js';
import { readTileArchive, readTileArrays } from './read-prepared.js';

/**
 * The whole tiles of `{folder}/{phase}` in any format (`image_NAME.npy` and `label_NAME.npy`, or `tile_NAME.npz`),
 * sorted by name.
 * @throws FileError if the folder is missing, has no tiles, or a label is missing; `load`: if a file is damaged or image
 * and labels do not fit together.
 */
export async function openTiles(folder: string, phase: string): Promise<PatchDataset> {
  const directory = join(folder, phase);
  const files = await listFileNames(directory);
  const archived = listMatches(files, /^tile_(.+)\.npz$/);
  if (archived.length > 0) return createTileDataset(directory, archived, readTileArchive);
  const names = listMatches(files, /^image_(.+)\.npy$/);
  if (names.length === 0) {
    throw new FileError(directory, 'no image_*.npy or tile_*.npz files; prepare the patches first');
  }
  const present = new Set(files);
  for (const name of names) {
    const { label } = tileFileNames(name);
    if (!present.has(label)) throw new FileError(join(directory, label), 'missing', { missing: true });
  }
  return createTileDataset(directory, names, readTileArrays);
}

function listMatches(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) => pattern.exec(file)?.[1] ?? []);
}

function createTileDataset(directory: string, names: readonly string[], read: typeof readTileArrays): PatchDataset {
  return { length: names.length, name: (index) => names[index]!, load: (index) => read(directory, names[index]!) };
}
