// Small data sets in the arrangements in which large ones are published.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRgbImage } from '@hovernet/core';
import { encodeNpy, type NumericArray } from '@hovernet/files';
import { writeMat, writePng } from '@hovernet/files/node';

export function writeText(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A list of texts as `numpy.save` writes it. */
export function encodeTexts(texts: readonly string[]): Uint8Array {
  const width = Math.max(...texts.map(({ length }) => length));
  const text = `{'descr': '<U${width}', 'fortran_order': False, 'shape': (${texts.length},), }`;
  const header = `\x93NUMPY\x01\x00v\x00${text.padEnd(117)}\n`;
  const bytes = Buffer.alloc(header.length + 4 * width * texts.length);
  bytes.write(header, 'latin1');
  texts.forEach((word, row) => {
    for (let at = 0; at < word.length; at++) bytes.writeUInt32LE(word.charCodeAt(at), 128 + 4 * (row * width + at));
  });
  return bytes;
}

/** `count` images of `size` × `size` whose pixel at place i of image n is 50·n + i. */
export function pannukeImages(count: number, size: number, dtype: 'float64' | 'uint8' = 'float64'): NumericArray {
  const length = size * size * 3;
  const data = dtype === 'uint8' ? new Uint8Array(count * length) : new Float64Array(count * length);
  for (let at = 0; at < data.length; at++) data[at] = (50 * Math.floor(at / length) + (at % length)) % 256;
  return { dtype, shape: [count, size, size, 3], data };
}

/** Masks of all background; `nuclei` are pixels `[image, y, x]` with their channel and number. */
export function pannukeMasks(
  count: number,
  size: number,
  nuclei: readonly { at: readonly [number, number, number]; channel: number; id: number }[],
): NumericArray {
  const data = new Float64Array(count * size * size * 6);
  for (let at = 5; at < data.length; at += 6) data[at] = 1;
  for (const { at, channel, id } of nuclei) data[((at[0] * size + at[1]) * size + at[2]) * 6 + channel] = id;
  return { dtype: 'float64', shape: [count, size, size, 6], data };
}

export interface PannukeFold {
  readonly images: NumericArray;
  readonly masks: NumericArray;
  readonly tissues?: readonly string[];
}

/** A fold as its archive unpacks: `Fold 1/images/fold1/images.npy`, `Fold 1/masks/fold1/masks.npy`. */
export function writePannukeFold(root: string, fold: number, { images, masks, tissues }: PannukeFold): void {
  const folder = (part: string) => join(root, `Fold ${fold}`, part, `fold${fold}`);
  writeText(join(folder('images'), 'images.npy'), encodeNpy(images));
  if (tissues) writeText(join(folder('images'), 'types.npy'), encodeTexts(tissues));
  writeText(join(folder('masks'), 'masks.npy'), encodeNpy(masks));
}

/** Labels of one Lizard image: 3 × 4 pixels, nuclei 2 (class 6) and 7 (class 1), listed in another order. */
export const lizardVariables: Readonly<Record<string, NumericArray>> = {
  inst_map: { dtype: 'int32', shape: [3, 4], data: Int32Array.of(0, 2, 2, 0, 0, 2, 2, 0, 7, 7, 0, 0) },
  id: { dtype: 'uint16', shape: [2, 1], data: Uint16Array.of(7, 2) },
  class: { dtype: 'uint8', shape: [2, 1], data: Uint8Array.of(1, 6) },
  bbox: { dtype: 'uint16', shape: [2, 4], data: Uint16Array.of(2, 3, 0, 2, 0, 2, 1, 3) },
  centroid: { dtype: 'float64', shape: [2, 2], data: Float64Array.of(0.5, 2, 1.5, 0.5) },
};

/** Lizard as its three archives unpack. */
export async function writeLizard(root: string, splits: Readonly<Record<string, number>>): Promise<void> {
  const rows = Object.entries(splits).map(([name, split]) => `${name},consep,${split}`);
  writeText(join(root, 'Lizard_Labels/info.csv'), ['Filename,Source,Split', ...rows].join('\r\n'));
  for (const [at, name] of Object.keys(splits).entries()) {
    await writePng(join(root, `Lizard_Images${1 + (at % 2)}`, `${name}.png`), createRgbImage(3, 4));
    await writeMat(join(root, `Lizard_Labels/Labels/${name}.mat`), new Map(Object.entries(lizardVariables)));
  }
}

const nuclsColumns =
  'raw_classification,main_classification,super_classification,type,xmin,ymin,xmax,ymax,coords_x,coords_y';

/** One NuCLS image of 8 × 10 pixels with the rows of its table. */
export async function writeNuclsImage(folder: string, name: string, rows: readonly string[]): Promise<void> {
  await writePng(join(folder, `rgb/${name}.png`), createRgbImage(8, 10));
  const numbered = rows.map((row, at) => `${at},${row}`);
  writeText(join(folder, `csv/${name}.csv`), [`,${nuclsColumns}`, ...numbered, ''].join('\n'));
}
