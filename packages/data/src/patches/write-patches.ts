// Writes a tile and its patches as .npy files with the names, types and bytes of the MONAI bundle's preparation.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toContiguous } from '@hovernet/core';
import { toFileError } from '../files/to-file-error.js';
import type { LabelledImage } from '../layout/read-tile.js';
import { encodeNpy } from '../npy/npy.js';
import { formatNpyHeader } from '../npy/npy-header.js';
import { cutPatch, type PixelBlock } from './cut-patch.js';
import { formatPatchName, patchParts, tileFileNames } from './patch-format.js';
import type { PatchGrid, PatchOrigin } from './patch-grid.js';

/** Writes `image_NAME.npy`, uint8 `[h, w, 3]`, and `label_NAME.npy`, int32 `[h, w, 2]` (instance id, class id). */
export async function writeTile(folder: string, name: string, tile: LabelledImage): Promise<void> {
  const [height, width] = tile.image.shape as [number, number];
  const instances = toContiguous(tile.instanceMap);
  const types = toContiguous(tile.typeMap);
  const labels = new Int32Array(instances.length * 2);
  for (let i = 0; i < instances.length; i++) {
    labels[2 * i] = instances[i]!;
    labels[2 * i + 1] = types[i]!;
  }
  const files = tileFileNames(name);
  const image = toContiguous(tile.image);
  await Promise.all([
    writeNew(join(folder, files.image), encodeNpy({ dtype: 'uint8', shape: [height, width, 3], data: image })),
    writeNew(join(folder, files.label), encodeNpy({ dtype: 'int32', shape: [height, width, 2], data: labels })),
  ]);
}

/** Writes three int32 .npy files `[patch height, patch width, 3 or 1]` for every origin. */
export async function writePatches(
  folder: string,
  tile: LabelledImage & { readonly name: string },
  options: { readonly patchSize: PatchGrid['patchSize']; readonly origins: readonly PatchOrigin[] },
): Promise<void> {
  const blocks = toBlocks(tile);
  const [height, width] = options.patchSize;
  for (const [index, origin] of options.origins.entries()) {
    const stem = join(folder, formatPatchName(tile.name, index));
    await Promise.all(
      patchParts.map((part, at) => writeNew(`${stem}_${part}.npy`, encodePatch(blocks[at]!, origin, [height, width]))),
    );
  }
}

/** Image, instance ids and classes as int32, so that rows of patches are copied as they are. */
function toBlocks(tile: LabelledImage): PixelBlock<Int32Array>[] {
  const [height, width] = tile.image.shape as [number, number];
  return [
    { data: Int32Array.from(toContiguous(tile.image)), height, width, channels: 3 },
    { data: toContiguous(tile.instanceMap), height, width, channels: 1 },
    { data: Int32Array.from(toContiguous(tile.typeMap)), height, width, channels: 1 },
  ];
}

function encodePatch(block: PixelBlock, origin: PatchOrigin, [height, width]: readonly [number, number]): Uint8Array {
  const shape = [height, width, block.channels];
  const header = formatNpyHeader('int32', shape);
  const memory = new ArrayBuffer(header.length + 4 * height * width * block.channels);
  const bytes = new Uint8Array(memory);
  bytes.set(header);
  // The header's length is a multiple of 64, so the elements behind it are aligned.
  cutPatch(block, origin, { data: new Int32Array(memory, header.length), height, width });
  return bytes;
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (cause) {
    throw toFileError(path, cause);
  }
}
