// Prepared whole tiles as a data set, for evaluation.
import { join } from 'node:path';
import { FileError } from '@hovernet/core';
import { listFileNames } from '../files/list-directory.js';
import { tileFileNames } from '../patches/patch-format.js';
import type { PatchDataset } from './dataset.js';
import { readPreparedTile } from './read-prepared.js';

/**
 * The whole tiles (`image_NAME.npy`, `label_NAME.npy`) of `{folder}/{phase}`, sorted by name.
 * @throws FileError if the folder is missing, has no tiles, or a label is missing; `load`: if a file is damaged or image
 * and labels do not fit together.
 */
export async function openTiles(folder: string, phase: string): Promise<PatchDataset> {
  const directory = join(folder, phase);
  const files = new Set(await listFileNames(directory));
  const names = [...files].flatMap((file) => /^image_(.+)\.npy$/.exec(file)?.[1] ?? []);
  if (names.length === 0) throw new FileError(directory, 'no image_*.npy files; prepare the patches first');
  for (const name of names) {
    const { label } = tileFileNames(name);
    if (!files.has(label)) throw new FileError(join(directory, label), 'missing', { missing: true });
  }
  return {
    length: names.length,
    name: (index) => names[index]!,
    load: (index) => readPreparedTile(directory, names[index]!),
  };
}
