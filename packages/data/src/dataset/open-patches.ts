// Prepared patches as a data set.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createLabelMap, createRgbImage, createTypeMap, FileError, type LabelledImage } from '@hovernet/core';
import { listFileNames } from '@hovernet/files/internal/node';
import { toInt32, toUint8 } from '@hovernet/files/internal';
import { readNpy } from '@hovernet/files/node';
import { patchIndexName, patchParts } from '../patches/patch-format.js';
import type { PatchDataset } from './dataset.js';
import { openCutPatches } from './open-cut-patches.js';

/** Options of {@link openPatches}. */
export interface OpenPatchesOptions {
  /** Formats raw and npz: most bytes of whole tiles to keep in memory. @default 2³⁰ */
  readonly tileCacheBytes?: number;
}

/**
 * The patches of `{folder}/{phase}` that preparePatches (or the MONAI bundle's preparation) wrote, sorted by name. All
 * formats give the same samples in the same order.
 * @throws FileError if the folder is missing or has no patches, or one of a patch's three files is missing; `load`: if a
 * file is damaged or the three do not fit together.
 */
export async function openPatches(
  folder: string,
  phase: string,
  { tileCacheBytes = 2 ** 30 }: OpenPatchesOptions = {},
): Promise<PatchDataset> {
  const directory = join(folder, phase);
  if (existsSync(join(directory, patchIndexName))) return openCutPatches(directory, tileCacheBytes);
  const files = new Set(await listFileNames(directory));
  const ending = `_${patchParts[0]}.npy`;
  const names = [...files].filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
  if (names.length === 0) throw new FileError(directory, `no *${ending} files; prepare the patches first`);
  for (const name of names) {
    const missing = patchParts.find((part) => !files.has(`${name}_${part}.npy`));
    if (missing) throw new FileError(join(directory, `${name}_${missing}.npy`), 'missing', { missing: true });
  }
  return {
    length: names.length,
    name: (index) => names[index]!,
    load: (index) => readPatch(join(directory, names[index]!)),
  };
}

async function readPatch(stem: string): Promise<LabelledImage> {
  const paths = patchParts.map((part) => `${stem}_${part}.npy`);
  const [image, instances, types] = await Promise.all(paths.map(readNpy));
  const [height, width] = image!.shape as [number, number];
  const check = (at: number, array: { shape: readonly number[] }, channels: number) => {
    const fits = array.shape[0] === height && array.shape[1] === width && (array.shape[2] ?? 1) === channels;
    if (!fits || array.shape.length > 3) {
      throw new FileError(paths[at]!, `expected [${height}, ${width}, ${channels}], got [${array.shape.join(', ')}]`);
    }
  };
  check(0, image!, 3);
  check(1, instances!, 1);
  check(2, types!, 1);
  return {
    image: createRgbImage(height, width, toUint8(image!, paths[0]!)),
    instanceMap: createLabelMap(height, width, toInt32(instances!, paths[1]!)),
    typeMap: createTypeMap(height, width, toUint8(types!, paths[2]!)),
  };
}
