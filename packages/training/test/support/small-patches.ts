// A small data set of ellipses on disk, cut into patches.
import { join } from 'node:path';
import { writeMat, writePng } from '@hovernet/files/node';
import { loadTaxonomy, preparePatches } from '@hovernet/data';
import { createScene } from './scene.js';

const tilePx = 120;

/** Cuts one small tile a phase, written below `folder/data`, into patches of 100 pixels in `out`. */
export async function prepareSmallPatches(folder: string, out: string): Promise<void> {
  const root = join(folder, 'data');
  for (const [seed, phase] of ['Train', 'Test'].entries()) {
    const { image, instanceMap, typeMap } = createScene(tilePx, seed);
    const shape = [tilePx, tilePx];
    const labels = new Map([
      ['inst_map', { dtype: 'int32', shape, data: instanceMap.data } as const],
      ['type_map', { dtype: 'uint8', shape, data: typeMap.data } as const],
    ]);
    await writePng(join(root, phase, 'Images', 'a.png'), image);
    await writeMat(join(root, phase, 'Labels', 'a.mat'), labels);
  }
  const taxonomy = await loadTaxonomy('consep-merged');
  await preparePatches({ root, out, patchSize: [100, 100], step: [50, 50], taxonomy });
}
