// Names and index of prepared folders: what preparePatches writes and the openers look for.
import { UnsupportedError } from '@hovernet/core';
import type { PatchGrid } from './patch-grid.js';

/**
 * How patches are stored. `npy`: three int32 .npy files a patch, as the MONAI bundle's preparation (5.8 MB a patch of
 * 540 × 540). `tiles`: whole tiles only, and an index from which patches are cut when they are read (1/25 of the space).
 */
export type PatchFormat = 'npy' | 'tiles';

/** The parts of a patch and the endings of their files. */
export const patchParts = ['image', 'inst_map', 'type_map'] as const;

/** File of the index in a folder of format `tiles`. */
export const patchIndexName = 'patches.json';

/** The index of a folder of format `tiles`. */
export interface PatchIndex extends PatchGrid {
  readonly format: 'tiles';
  readonly tiles: readonly { readonly name: string; readonly height: number; readonly width: number }[];
}

/** Throws UnsupportedError unless `format` is one of {@link PatchFormat}. */
export function assertPatchFormat(format: string): asserts format is PatchFormat {
  if (format !== 'npy' && format !== 'tiles') {
    throw new UnsupportedError(`preparePatches: format '${format}' is not supported; use npy or tiles`);
  }
}

/** Name of patch `index` of a tile, as the reference writes it: at least three digits. */
export function formatPatchName(tileName: string, index: number): string {
  return `${tileName}_${String(index).padStart(3, '0')}`;
}

/** Files of a whole tile. */
export function tileFileNames(tileName: string): { readonly image: string; readonly label: string } {
  return { image: `image_${tileName}.npy`, label: `label_${tileName}.npy` };
}
