// NuCLS (Amgad et al. 2022) as published: images in `rgb`, outlines and boxes of nuclei in `csv`.
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FileError } from '@hovernet/core';
import { listFileNames } from '@hovernet/files/internal/node';
import { readImage } from '@hovernet/files/node';
import { readCsv } from '@hovernet/files/internal/node';
import { fillEllipse, fillPolygon } from './fill-shape.js';
import type { Layout } from './layout.js';
import { toSourceTile } from './read-tile.js';
import type { OriginalLabels, SourceTile } from './source-tile.js';

/** Type ids of the published names, in their order; taxonomies map them to classes. */
const typeNames = [
  'tumor',
  'mitotic_figure',
  'fibroblast',
  'vascular_endothelium',
  'macrophage',
  'lymphocyte',
  'plasma_cell',
  'neutrophil',
  'eosinophil',
  'myoepithelium',
  'ductal_epithelium',
  'apoptotic_body',
  'unlabeled',
];

export const nuclsLayout: Layout = {
  phases: [
    { name: 'Train', sources: ['train_test_splits/fold_1_train.csv'] },
    { name: 'Test', sources: ['train_test_splits/fold_1_test.csv'] },
  ],
  taxonomy: 'nucls-super',
  anyTaxonomy: false,
  listTiles: async (root, source) => {
    const path = join(root, source);
    if (!existsSync(path)) throw new FileError(path, 'no such folder or table of slides', { missing: true });
    if (statSync(path).isDirectory()) return listPairs(path);
    const slides = (await readCsv(path, ['slide_name'])).map(({ slide_name: slide }) => slide);
    const tiles = (await listPairs(root)).filter(({ name }) => slides.some((slide) => name.startsWith(slide)));
    if (tiles.length === 0)
      throw new FileError(path, `no image of its ${slides.length} slides in ${join(root, 'rgb')}`);
    return tiles;
  },
};

async function listPairs(folder: string): Promise<SourceTile[]> {
  const names = (await listFileNames(join(folder, 'rgb'))).filter((name) => name.endsWith('.png'));
  if (names.length === 0) throw new FileError(join(folder, 'rgb'), 'no *.png file here; check the folder');
  return names.map((file) => {
    const name = basename(file, '.png');
    const imagePath = join(folder, 'rgb', file);
    const labelPath = join(folder, 'csv', `${name}.csv`);
    return toSourceTile({ name, imagePath, labelPath }, async () =>
      drawNuclei((await readImage(imagePath)).shape as [number, number, number], labelPath),
    );
  });
}

/** Outlines are filled; of nuclei that only have a box the ellipse in it. Later rows cover earlier ones. */
async function drawNuclei([height, width]: readonly number[], path: string): Promise<OriginalLabels> {
  const columns = ['raw_classification', 'type', 'xmin', 'ymin', 'xmax', 'ymax', 'coords_x', 'coords_y'] as const;
  const rows = await readCsv(path, columns);
  const shape = [height!, width!] as const;
  const instanceMap = new Int32Array(height! * width!);
  const typeMap = new Int32Array(instanceMap.length);
  for (const [at, row] of rows.entries()) {
    const where = `row ${at + 1}`;
    const name = row.raw_classification.replace(/^correction_/, '');
    if (name.startsWith('fov')) continue;
    const type = typeNames.indexOf(name) + 1;
    if (type === 0) throw new FileError(path, `${where}: expected one of ${typeNames.join(', ')}, got ${name}`);
    const numbers = (text: string) => text.split(',').map((part) => toNumber(part, path, where));
    const paint = (pixel: number) => {
      instanceMap[pixel] = at + 1;
      typeMap[pixel] = type;
    };
    if (row.type === 'polyline') {
      const [xs, ys] = [numbers(row.coords_x), numbers(row.coords_y)];
      if (xs.length !== ys.length)
        throw new FileError(path, `${where}: ${xs.length} coords_x but ${ys.length} coords_y`);
      fillPolygon(xs, ys, shape, paint);
    } else {
      const [x0, y0, x1, y1] = [row.xmin, row.ymin, row.xmax, row.ymax].map((text) => toNumber(text, path, where));
      fillEllipse([x0!, y0!, x1!, y1!], shape, paint);
    }
  }
  return { shape, instanceMap, typeMap };
}

function toNumber(text: string, path: string, where: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new FileError(path, `${where}: expected a number, got '${text}'`);
}
