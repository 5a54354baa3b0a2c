// Writes whole prepared tiles: image and label as two .npy files, or compressed in one .npz.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LabelledImage, toContiguous } from '@hovernet/core';
import { toFileError } from '@hovernet/files/internal/node';
import type { NamedTile } from '../layout/source-tile.js';
import { encodeNpy } from '@hovernet/files';
import { encodeNpz } from '@hovernet/files';
import type { NumericArray } from '@hovernet/files';
import { tileArchiveName, tileFileNames } from './patch-format.js';

/** Writes `image_NAME.npy`, uint8 `[h, w, 3]`, and `label_NAME.npy`, int32 `[h, w, 2]` (instance id, class id). */
export async function writeTileArrays(folder: string, tile: NamedTile): Promise<void> {
  const files = tileFileNames(tile.name);
  const { image, label } = toArrays(tile);
  await writePreparedFile(join(folder, files.image), encodeNpy(image));
  await writePreparedFile(join(folder, files.label), encodeNpy(label));
}

/** Writes `tile_NAME.npz` with the arrays of {@link writeTileArrays} as `image` and `label`. */
export async function writeTileArchive(folder: string, tile: NamedTile): Promise<void> {
  const archive = await encodeNpz(new Map(Object.entries(toArrays(tile))));
  await writePreparedFile(join(folder, tileArchiveName(tile.name)), archive);
}

/** Writes a file of a folder that is not in use yet, so that it need not be atomic. */
export async function writePreparedFile(path: string, bytes: Uint8Array | string): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (cause) {
    throw toFileError(path, cause);
  }
}

function toArrays(tile: LabelledImage): { image: NumericArray; label: NumericArray } {
  const [height, width] = tile.image.shape as [number, number];
  const instances = toContiguous(tile.instanceMap);
  const types = toContiguous(tile.typeMap);
  const labels = new Int32Array(instances.length * 2);
  for (let i = 0; i < instances.length; i++) {
    labels[2 * i] = instances[i]!;
    labels[2 * i + 1] = types[i]!;
  }
  return {
    image: { dtype: 'uint8', shape: [height, width, 3], data: toContiguous(tile.image) },
    label: { dtype: 'int32', shape: [height, width, 2], data: labels },
  };
}
