// PanNuke (Gamper et al. 2020): a fold in two arrays of several gigabytes, of which one image is read at a time.
import { join } from 'node:path';
import { createRgbImage, FileError } from '@hovernet/core';
import { toInt32, toUint8 } from '@hovernet/files/internal';
import { findFiles, findOnly } from './find-files.js';
import type { Layout } from './layout.js';
import { openNpyRows, type NpyRows } from '@hovernet/files/internal/node';
import { readNpyTexts } from '@hovernet/files/internal/node';
import type { OriginalLabels, SourceTile } from './source-tile.js';

/** Channels of masks.npy in which nuclei are numbered, one a type; the last channel is the background. */
const typeCount = 5;
const maskChannels = 6;

export const pannukeLayout: Layout = {
  phases: [
    { name: 'Train', sources: ['Fold 1', 'Fold 2'] },
    { name: 'Test', sources: ['Fold 3'] },
  ],
  taxonomy: 'pannuke',
  anyTaxonomy: false,
  listTiles: async (root, source) => {
    const folder = join(root, source);
    const paths = await findFiles(folder);
    const [images, masks] = [await openRows(paths, 'images.npy', folder), await openRows(paths, 'masks.npy', folder)];
    checkShapes(images, masks);
    const typesPath = findOnly(paths, 'types.npy', folder);
    const tissues = typesPath === undefined ? [] : await readNpyTexts(typesPath, images.shape[0]!);
    return Array.from({ length: images.shape[0]! }, (_, index) => {
      return createTile({ images, masks, index, name: formatName(source, index, tissues[index]) });
    });
  },
};

async function openRows(paths: readonly string[], name: string, folder: string): Promise<NpyRows> {
  const path = findOnly(paths, name, folder);
  if (path === undefined) throw new FileError(join(folder, name), 'no such file here or below', { missing: true });
  return openNpyRows(path);
}

function checkShapes(images: NpyRows, masks: NpyRows): void {
  const [count, height, width, channels] = images.shape;
  if (images.shape.length !== 4 || channels !== 3) {
    throw new FileError(images.path, `expected images [n, height, width, 3], got [${images.shape.join(', ')}]`);
  }
  if (masks.shape.join() !== [count, height, width, maskChannels].join()) {
    const expected = `[${count}, ${height}, ${width}, ${maskChannels}]`;
    throw new FileError(masks.path, `expected masks ${expected} as ${images.path}, got [${masks.shape.join(', ')}]`);
  }
}

/** `fold_1_0007_Breast`: the order of names is that of the images, and results can be grouped by tissue. */
function formatName(source: string, index: number, tissue: string | undefined): string {
  const clean = (text: string) => text.replace(/[^A-Za-z0-9-]+/g, '_');
  const parts = [clean(source).toLowerCase(), String(index).padStart(4, '0')];
  return [...parts, ...(tissue ? [clean(tissue)] : [])].join('_');
}

interface TilePlace {
  readonly images: NpyRows;
  readonly masks: NpyRows;
  readonly index: number;
  readonly name: string;
}

function createTile({ images, masks, index, name }: TilePlace): SourceTile {
  const shape = [images.shape[1]!, images.shape[2]!] as const;
  const labelSource = `${masks.path} (image ${index})`;
  const imageSource = `${images.path} (image ${index})`;
  return {
    name,
    imageSource,
    labelSource,
    // Reading all masks to see which types occur would take as long as preparing them.
    inspect: () => Promise.resolve({ shape, typeIds: Array.from({ length: typeCount }, (_, at) => at + 1) }),
    readImage: async () => createRgbImage(...shape, new Uint8Array(toUint8(await images.read(index), imageSource))),
    readLabels: async () => {
      const mask = toInt32(await masks.read(index), labelSource, { min: 0 });
      return mergeChannels(mask, shape);
    },
  };
}

/**
 * One map of instances 1…n and one of types 1…5 of `mask` `[height, width, 6]`. Nuclei are numbered by type, then by their
 * number in the channel; where two overlap, the later type wins.
 */
function mergeChannels(mask: Int32Array, shape: OriginalLabels['shape']): OriginalLabels {
  const instanceMap = new Int32Array(shape[0] * shape[1]);
  const typeMap = new Int32Array(instanceMap.length);
  let count = 0;
  for (let channel = 0; channel < typeCount; channel++) {
    const numbers = new Map(listIds(mask, channel).map((id) => [id, ++count]));
    let [lastId, lastNumber] = [0, 0];
    for (let i = 0, at = channel; i < instanceMap.length; i++, at += maskChannels) {
      const id = mask[at]!;
      if (id === 0) continue;
      if (id !== lastId) [lastId, lastNumber] = [id, numbers.get(id)!];
      instanceMap[i] = lastNumber;
      typeMap[i] = channel + 1;
    }
  }
  return { shape, instanceMap, typeMap };
}

/** Positive numbers in a channel, ascending. */
function listIds(mask: Int32Array, channel: number): number[] {
  const ids = new Set<number>();
  let last = 0;
  for (let at = channel; at < mask.length; at += maskChannels) {
    if (mask[at] !== last && mask[at] !== 0) ids.add((last = mask[at]!));
  }
  return [...ids].sort((a, b) => a - b);
}
