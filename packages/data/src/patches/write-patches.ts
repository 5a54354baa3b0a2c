// Writes the patches of a tile as .npy files with the names, types and bytes of the MONAI bundle's preparation.
import { join } from 'node:path';
import { toContiguous } from '@hovernet/core';
import type { NamedTile } from '../layout/source-tile.js';
import { formatNpyHeader } from '@hovernet/files/internal';
import { runJobs } from '../run-jobs.js';
import { cutPatch, type PixelBlock } from './cut-patch.js';
import { formatPatchName, patchParts } from './patch-format.js';
import type { PatchGrid, PatchOrigin } from './patch-grid.js';
import { writePreparedFile } from './write-tile.js';

const channelsOfParts = { image: 3, inst_map: 1, type_map: 1 } as const;

/**
 * A function that writes three int32 .npy files `[patch height, patch width, 3 or 1]` for every origin of a tile. It
 * fills the same memory for every patch, because new memory would take longer than cutting: one call at a time.
 */
export function createPatchWriter(
  folder: string,
  patchSize: PatchGrid['patchSize'],
): (tile: NamedTile, origins: readonly PatchOrigin[]) => Promise<void> {
  const files = patchParts.map((part) => createPatchFile(patchSize, channelsOfParts[part]));
  return async (tile, origins) => {
    const blocks = toBlocks(tile);
    for (const [index, origin] of origins.entries()) {
      const stem = join(folder, formatPatchName(tile.name, index));
      await runJobs(files, files.length, () => async ({ bytes, pixels }, at) => {
        cutPatch(blocks[at]!, origin, pixels);
        await writePreparedFile(`${stem}_${patchParts[at]}.npy`, bytes);
      });
    }
  };
}

/** Memory of a file: the header is there, the elements behind it are for filling. */
function createPatchFile([height, width]: PatchGrid['patchSize'], channels: number) {
  const header = formatNpyHeader('int32', [height, width, channels]);
  const memory = new ArrayBuffer(header.length + 4 * height * width * channels);
  const bytes = new Uint8Array(memory);
  bytes.set(header);
  // The header's length is a multiple of 64, so the elements behind it are aligned.
  return { bytes, pixels: { data: new Int32Array(memory, header.length), height, width } };
}

/** Image, instance ids and classes as int32, so that rows of patches are copied as they are. */
function toBlocks(tile: NamedTile): PixelBlock<Int32Array>[] {
  const [height, width] = tile.image.shape as [number, number];
  return [
    { data: Int32Array.from(toContiguous(tile.image)), height, width, channels: 3 },
    { data: toContiguous(tile.instanceMap), height, width, channels: 1 },
    { data: Int32Array.from(toContiguous(tile.typeMap)), height, width, channels: 1 },
  ];
}
