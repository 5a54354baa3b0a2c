// A data set of ellipses and the configuration of a network small enough to train on it in seconds.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeMat, writePng } from '@hovernet/data';
import { outputSize, resolveConfig } from '@hovernet/model';
import { createScene } from '../../src/bench/scene.js';

/** Side of the tiles in pixels. */
export const tilePx = 300;

/** Side of the network's window in pixels. */
const windowPx = 128;

export const smallNetwork = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 5 });

/** Side of the network's output in pixels. */
export const smallOutputPx = outputSize(smallNetwork, windowPx);

/** Writes `{folder}/data/{Train,Test}` in the CoNSeP layout and `{folder}/config.json`; gives the configuration's path. */
export async function writeSmallProject(folder: string): Promise<string> {
  const tiles = { Train: ['a', 'b'], Test: ['c', 'd'] };
  let seed = 1;
  for (const [phase, names] of Object.entries(tiles)) {
    for (const name of names) await writeTile(join(folder, 'data', phase), name, seed++);
  }
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(describeSmallProject(folder)));
  return path;
}

function describeSmallProject(folder: string): Record<string, unknown> {
  return {
    taxonomy: 'consep-merged',
    dataset_dir: join(folder, 'prepared'),
    epochs: 2,
    batch_size: 2,
    sw_batch_size: 3,
    learning_rate: 0.01,
    patch_size: windowPx,
    out_size: smallOutputPx,
    'network_def#preset': 'tiny',
    'network_def#width': 0.5,
    'network_def#out_classes': 5,
    'network_def#freeze_encoder': false,
    // What separates nuclei after few steps: HoVer maps with steep borders.
    'loss#lambda_hv_mse': 10,
    'loss#lambda_hv_mse_grad': 10,
    'prepare#root': join(folder, 'data'),
    'prepare#out': join(folder, 'prepared'),
    'prepare#ps': [160, 160],
    'prepare#ss': [60, 60],
  };
}

async function writeTile(folder: string, name: string, seed: number): Promise<void> {
  const { image, instanceMap, typeMap } = createScene(tilePx, seed);
  const shape = [tilePx, tilePx];
  const labels = new Map([
    ['inst_map', { dtype: 'int32', shape, data: instanceMap.data } as const],
    ['type_map', { dtype: 'uint8', shape, data: typeMap.data } as const],
  ]);
  await writePng(join(folder, 'Images', `${name}.png`), image);
  await writeMat(join(folder, 'Labels', `${name}.mat`), labels);
}
