// Times the preparation of labelled tiles: reading, cutting, writing.
import { writeMat, writePng } from '@hovernet/files/node';
import { loadTaxonomy, patchFormats, preparePatches } from '@hovernet/data';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench-case.js';
import { javascriptRunner, measureCase } from './measure-case.js';
import { createScene } from './scene.js';

const tilePx = 1000;

/** One 1000 × 1000 tile into patches of 540 pixels every 164: case `npy` writes them all, `npz` and `raw` only what they are cut from. */
export const benchPrepare: Bench = async function* ({ runs = 3 }, context) {
  const folder = await mkdtemp(join(tmpdir(), 'hovernet-bench-'));
  try {
    const root = join(folder, 'data');
    await writeTile(root);
    const taxonomy = await loadTaxonomy('consep-merged');
    for (const format of patchFormats) {
      const options = { root, out: join(folder, format), phases: ['Train'], format, taxonomy };
      const run = () => preparePatches(options, { signal: context.signal });
      yield await measureCase({ name: format, runs, runner: javascriptRunner, warmUp: false, run }, context);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function writeTile(root: string): Promise<void> {
  const { image, instanceMap, typeMap } = createScene(tilePx);
  const shape = [tilePx, tilePx];
  const labels = new Map([
    ['inst_map', { dtype: 'int32', shape, data: instanceMap.data } as const],
    ['type_map', { dtype: 'uint8', shape, data: typeMap.data } as const],
  ]);
  await writePng(join(root, 'Train/Images/tile.png'), image);
  await writeMat(join(root, 'Train/Labels/tile.mat'), labels);
}
