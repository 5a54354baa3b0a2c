// Weights of other implementations through the commands that take weights.
import { createRandom } from '@hovernet/core';
import { encodeCheckpoint, initializeWeights, type CheckpointFormat, type StateDict } from '@hovernet/model';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCaptured } from '../cli/run-captured.js';
import { loadWeights } from '@hovernet/model/node';
import { smallNetwork, writeSmallProject } from './small-project.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-foreign-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

const state = initializeWeights(smallNetwork, createRandom(3));
const encoder = new Map([...state].filter(([name]) => /^(conv0|res_blocks)\./.test(name)));
const images = join(folder, 'images');
let config: string;

beforeAll(async () => {
  config = await writeSmallProject(folder);
  mkdirSync(images);
  copyFileSync(join(folder, 'data/Test/Images/c.png'), join(images, 'c.png'));
  expect(await runCaptured(['prepare', '--config_file', config])).toMatchObject({ exitCode: 0 });
});

function write(name: string, tensors: StateDict, format: CheckpointFormat): string {
  const path = join(folder, name);
  writeFileSync(path, encodeCheckpoint(tensors, { format }));
  return path;
}

async function infer(weights: string, ...words: string[]) {
  const out = join(folder, `out-${weights.split('/').at(-1)}${words.length}`);
  const base = [
    'infer',
    '--config_file',
    config,
    '--weights',
    weights,
    '--dataset_dir',
    images,
    '--output_dir',
    out,
    '--raw',
  ];
  const run = await runCaptured([...base, ...words]);
  return { ...run, raw: () => readFileSync(join(out, 'c_raw.npz')).toString('base64') };
}

describe('hovernet infer', () => {
  it("runs everyone's weights in the graph of their origin, and in another only on demand and with a warning", async () => {
    const monai = await infer(write('model.pt', state, 'monai-model'));
    expect(monai.exitCode, monai.stderr).toBe(0);
    expect(monai.stderr).toContain(
      `model.pt: weights with MONAI's names, ${state.size} of ${state.size} tensors; ` +
        'mode fast, reference monai, 5 classes with background',
    );
    const path = write('original.tar', state, 'original');
    const original = await infer(path);
    expect(original.exitCode, original.stderr).toBe(0);
    expect(original.stderr).toMatch(/original\.tar: weights of the original repository, .*reference hover_net/);
    expect((monai.stderr + original.stderr).includes('warning')).toBe(false);
    const forced = await infer(path, '--network_def#compat', 'monai');
    expect(forced.exitCode, forced.stderr).toBe(0);
    expect(forced.stderr).toMatch(
      /warning: these weights run in the graph of monai but were trained in that of hover_net/,
    );
    expect([forced.raw() === monai.raw(), original.raw() === monai.raw()]).toEqual([true, false]);
  });

  it('tells an encoder from a network', async () => {
    const { exitCode, stderr } = await infer(write('preact.tar', encoder, 'original'));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/preact\.tar: expected a whole HoVer-Net, got an encoder/);
  });
});

describe('hovernet train', () => {
  it("starts from the original's encoder, says how much of the network that is, and notes how it was made", async () => {
    const path = write('encoder.tar', encoder, 'original');
    const words = ['--bundle_root', folder, '--network_def#pretrained_url', path, '--train#trainer#max_steps', '1'];
    const run = await runCaptured(['train', '--config_file', config, ...words]);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).toContain(`${encoder.size} of ${state.size} tensors of ${path} (a pre-activation ResNet`);
    expect(run.stderr).toContain(
      'the rest random; unused tensors: 1; warning: these weights run in the graph of monai',
    );
    const saved = await loadWeights(join(folder, 'models/stage0/model.safetensors'));
    expect(saved).toMatchObject({
      mpp: 0.25,
      training: { stage: 0, seed: 321, taxonomy: 'consep-merged', epoch: 1 },
    });
  });
});
