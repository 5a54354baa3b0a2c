// A data set of ellipses and the configuration of a network small enough to train on it in seconds.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeMat, writePng } from '@hovernet/files/node';
import { loadTaxonomy, preparePatches } from '@hovernet/data';
import { outputSize, resolveConfig } from '@hovernet/model';
import { expect } from 'vitest';
import { createScene } from '@hovernet/bench';
import { runCaptured } from '../cli/run-captured.js';

/** Side of the tiles in pixels. */
export const tilePx = 300;

/** Side of the network's window in pixels. */
const windowPx = 128;

export const smallNetwork = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 5 });

/** Side of the network's output in pixels. */
export const smallOutputPx = outputSize(smallNetwork, windowPx);

/** {@link writeSmallProject}, prepared into few patches. */
export async function prepareSmallProject(folder: string): Promise<string> {
  const config = await writeSmallProject(folder);
  const few = ['--phase', 'Train', 'Test', '--ps', '160', '160', '--ss', '150', '150'];
  expect(await runCaptured(['prepare', '--config_file', config, ...few])).toMatchObject({ exitCode: 0 });
  return config;
}

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

/** Cuts one small tile a phase, written below `folder`, into patches of 100 pixels in `out`. */
export async function prepareSmallPatches(folder: string, out: string): Promise<void> {
  const root = join(folder, 'data');
  for (const [seed, phase] of ['Train', 'Test'].entries()) await writeTile(join(root, phase), 'a', seed, 120);
  const taxonomy = await loadTaxonomy('consep-merged');
  await preparePatches({ root, out, patchSize: [100, 100], step: [50, 50], taxonomy });
}

/** Writes `{folder}/{Images,Labels}/{name}` of a scene of `sidePx` pixels a side. */
async function writeTile(folder: string, name: string, seed: number, sidePx = tilePx): Promise<void> {
  const { image, instanceMap, typeMap } = createScene(sidePx, seed);
  const shape = [sidePx, sidePx];
  const labels = new Map([
    ['inst_map', { dtype: 'int32', shape, data: instanceMap.data } as const],
    ['type_map', { dtype: 'uint8', shape, data: typeMap.data } as const],
  ]);
  await writePng(join(folder, 'Images', `${name}.png`), image);
  await writeMat(join(folder, 'Labels', `${name}.mat`), labels);
}
