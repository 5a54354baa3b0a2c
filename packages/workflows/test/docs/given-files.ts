// The folder in which the commands of a page run: what pages say that the reader has, small.
import { createRandom } from '@hovernet/core';
import { writeMat, writePng } from '@hovernet/files/node';
import { encodeCheckpoint, initializeWeights, type CheckpointFormat } from '@hovernet/model';
import { workspacePath } from '@hovernet/testing';
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createScene } from '@hovernet/bench';
import { smallNetwork } from '../e2e/small-project.js';

/** Side of the tiles of the small CoNSeP in pixels. */
const tilePx = 164;

/** CoNSeP's own types of the four that scenes have: merged ones would be refused. */
const originalTypes = [0, 1, 2, 4, 5];

/**
 * Writes to `folder`: `samples/nucls`; `image.png` and `images` of it; `CoNSeP`, one scene a phase; `model.safetensors`,
 * `monai.pt` and `original.tar`, random weights of one small network; `resnet50-preact.tar`, its encoder; `mine.yaml`.
 */
export async function writeGivenFiles(folder: string): Promise<void> {
  cpSync(workspacePath('samples'), join(folder, 'samples'), { recursive: true });
  const crop = (index: number) => join(folder, `samples/nucls/Test/Images/test_${index}.png`);
  copyFileSync(crop(1), join(folder, 'image.png'));
  mkdirSync(join(folder, 'images'));
  copyFileSync(crop(2), join(folder, 'images/a1.png'));
  copyFileSync(crop(3), join(folder, 'images/b1.png'));
  writeFileSync(join(folder, 'mine.yaml'), 'epochs: 3\n');
  for (const [seed, phase] of ['Train', 'Test'].entries()) await writeTile(join(folder, 'CoNSeP', phase), seed);
  const state = initializeWeights(smallNetwork, createRandom(1));
  const encoder = new Map([...state].filter(([name]) => /^(conv0|res_blocks)\./.test(name)));
  const write = (name: string, tensors: typeof state, format: CheckpointFormat) =>
    writeFileSync(
      join(folder, name),
      encodeCheckpoint(tensors, format === 'safetensors' ? { config: smallNetwork } : { format }),
    );
  write('model.safetensors', state, 'safetensors');
  write('monai.pt', state, 'monai-model');
  write('original.tar', state, 'original');
  write('resnet50-preact.tar', encoder, 'original');
}

async function writeTile(folder: string, seed: number): Promise<void> {
  const { image, instanceMap, typeMap } = createScene(tilePx, seed);
  const shape = [tilePx, tilePx];
  const types = Uint8Array.from(typeMap.data, (type) => originalTypes[type]!);
  await writePng(join(folder, 'Images/tile_1.png'), image);
  await writeMat(
    join(folder, 'Labels/tile_1.mat'),
    new Map([
      ['inst_map', { dtype: 'int32', shape, data: instanceMap.data } as const],
      ['type_map', { dtype: 'uint8', shape, data: types } as const],
    ]),
  );
}
