import { writeFileSync } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRgbImage } from '@hovernet/core';
import { writeNpy, writePng } from '@hovernet/files/node';
import { expect, it } from 'vitest';
import { openTiles, preparePatches, type Taxonomy } from '../../src/index.js';
import { temporaryFolder } from '../helpers.js';

const taxonomy: Taxonomy = {
  name: 'drawn',
  source: 'test',
  mpp: 0.25,
  classes: [
    { id: 1, name: 'Tumor', color: [255, 0, 0] },
    { id: 2, name: 'Stroma', color: [0, 255, 0] },
  ],
  mapping: new Map([
    [5, 1],
    [6, 2],
  ]),
};
const small = { format: 'raw', type: 'valid', patchSize: [2, 2], step: [2, 2], phases: ['Train'], taxonomy } as const;

async function createTile() {
  const root = temporaryFolder();
  for (const folder of ['Images', 'Labels']) mkdirSync(join(root, 'Train', folder), { recursive: true });
  await writePng(join(root, 'Train/Images/a.png'), createRgbImage(4, 6));
  return { root, label: (name: string) => join(root, 'Train/Labels', name) };
}

const annotation = (x: number, y: number, name: string | null) => ({
  type: 'Feature',
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + 2, y],
        [x + 2, y + 2],
        [x, y + 2],
        [x, y],
      ],
    ],
  },
  properties: { objectType: 'annotation', ...(name && { classification: { name } }) },
});

const expected = {
  instances: [1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2],
  types: [2, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1],
};

async function readPrepared(root: string) {
  const tile = await (await openTiles(join(root, 'Prepared'), 'Train')).load(0);
  return { instances: [...tile.instanceMap.data], types: [...tile.typeMap.data] };
}

it('prepares annotations of QuPath by the names of their classes, cut off at the image', async () => {
  const { root, label } = await createTile();
  const features = [annotation(0, 0, 'Stroma'), annotation(5, 2, 'Tumor')];
  writeFileSync(label('a.geojson'), JSON.stringify({ type: 'FeatureCollection', features }));
  await preparePatches({ root, layout: 'geojson', ...small });
  expect(await readPrepared(root)).toEqual(expected);
});

it.each([
  ['a.csv', 'id,type\n1,Stroma\n2,5\n'],
  ['a.json', '{"1": 6, "2": "Tumor"}'],
])('prepares label images with types in %s', async (name, text) => {
  const { root, label } = await createTile();
  const data = Int32Array.from(expected.instances);
  await writeNpy(label('a.npy'), { dtype: 'int32', shape: [4, 6], data });
  writeFileSync(label(name), text);
  await preparePatches({ root, layout: 'labels', ...small });
  expect(await readPrepared(root)).toEqual(expected);
});

it.each([
  [annotation(0, 0, null), 'annotation 1 has no class'],
  [annotation(0, 0, 'Necrosis'), "features[0]: class 'Necrosis' is none of Tumor, Stroma"],
])('refuses what it cannot name', async (feature, message) => {
  const { root, label } = await createTile();
  writeFileSync(label('a.geojson'), JSON.stringify([feature]));
  await expect(preparePatches({ root, layout: 'geojson', ...small })).rejects.toThrow(message);
});
