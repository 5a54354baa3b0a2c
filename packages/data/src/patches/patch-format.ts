// Names and index of prepared folders: what preparePatches writes and the openers look for.
import { UnsupportedError } from '@hovernet/core';
import type { PatchGrid } from './patch-grid.js';

/** How patches can be stored. */
export const patchFormats = ['npy', 'npz', 'raw'] as const;

/**
 * How patches are stored. `npy`: three int32 .npy files a patch, as the MONAI bundle's preparation (5.8 MB a patch of
 * 540 × 540), beside the tiles. `raw`: whole tiles only, as .npy, and an index from which patches are cut when they are
 * read. `npz`: as `raw`, with image and label of a tile compressed in one .npz.
 */
export type PatchFormat = (typeof patchFormats)[number];

/** The parts of a patch and the endings of their files. */
export const patchParts = ['image', 'inst_map', 'type_map'] as const;

/** File of the index in folders of formats `npz` and `raw`. */
export const patchIndexName = 'patches.json';

/** File of the record of classes, in every format. */
export const patchTaxonomyName = 'taxonomy.json';

/** The index: tiles sorted by name, and how patches are cut from them. */
export interface PatchIndex extends PatchGrid {
  readonly format: Exclude<PatchFormat, 'npy'>;
  readonly tiles: readonly TileSize[];
}

/** A tile of the index. */
export interface TileSize {
  readonly name: string;
  readonly height: number;
  readonly width: number;
}

/** Throws UnsupportedError unless `format` is one of {@link patchFormats}. */
export function assertPatchFormat(format: string): asserts format is PatchFormat {
  if (!(patchFormats as readonly string[]).includes(format)) {
    throw new UnsupportedError(
      `preparePatches: format '${format}' is not supported; use one of ${patchFormats.join(', ')}`,
    );
  }
}

/** Name of patch `index` of a tile, as the reference writes it: at least three digits. */
export function formatPatchName(tileName: string, index: number): string {
  return `${tileName}_${String(index).padStart(3, '0')}`;
}

/** Files of a whole tile in formats `npy` and `raw`. */
export function tileFileNames(tileName: string): { readonly image: string; readonly label: string } {
  return { image: `image_${tileName}.npy`, label: `label_${tileName}.npy` };
}

/** File of a whole tile in format `npz`; it holds the arrays `image` and `label`. */
export function tileArchiveName(tileName: string): string {
  return `tile_${tileName}.npz`;
}

/** Whether a preparation may have written a file of this name. */
export function isPreparedFile(fileName: string): boolean {
  return fileName === patchIndexName || fileName === patchTaxonomyName || preparedFilePattern.test(fileName);
}

const preparedFilePattern = /^(?:(?:image|label)_.+|.+_\d{3,}_(?:image|inst_map|type_map))\.npy$|^tile_.+\.npz$/;
