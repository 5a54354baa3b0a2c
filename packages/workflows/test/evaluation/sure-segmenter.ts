// Tiles of text and what a segmenter that sees their labels finds, for evaluation without a network.
import { createLabelMap, createRgbImage, createTypeMap, type LabelledImage, type Segmentation } from '@hovernet/core';
import type { PatchDataset } from '@hovernet/data';
import type { SegmentedNuclei } from '@hovernet/inference';
import { describeNuclei, paintTypes } from '@hovernet/postprocess';

/** Rows of text: digits are ids, which are types too (modulo 5), `.` is background. */
export function drawTile(...rows: readonly string[]): LabelledImage {
  const ids = Int32Array.from(rows.join(''), (character) => (character === '.' ? 0 : Number(character)));
  const [height, width] = [rows.length, rows[0]!.length];
  return {
    image: createRgbImage(height, width, new Uint8Array(3 * ids.length).fill(120)),
    instanceMap: createLabelMap(height, width, ids),
    typeMap: createTypeMap(
      height,
      width,
      Uint8Array.from(ids, (id) => id % 5),
    ),
  };
}

/** A segmentation that finds the nuclei of `tile`; without types if asked to. */
export function findNuclei({ instanceMap, typeMap }: LabelledImage, typed = true): Segmentation {
  const nuclei = describeNuclei(instanceMap, typed ? { classMap: typeMap } : {});
  return { instanceMap, typeMap: typed ? paintTypes(instanceMap, nuclei) : null, nuclei };
}

/** Tiles by name; a function stands for one that cannot be loaded. */
export function createTiles(tiles: Readonly<Record<string, LabelledImage | (() => never)>>): PatchDataset {
  const entries = Object.entries(tiles);
  return {
    length: entries.length,
    name: (index) => entries[index]![0],
    load: async (index) => {
      const tile = entries[index]![1];
      return Promise.resolve(typeof tile === 'function' ? tile() : tile);
    },
  };
}

/** What a segmenter answers where it finds `segmentation`. */
export function answerWith(segmentation: Segmentation): SegmentedNuclei {
  const [height, width] = segmentation.instanceMap.shape as [number, number];
  return { ...segmentation, width, height, mpp: null, resampledTo: null, stains: null, warnings: [] };
}
