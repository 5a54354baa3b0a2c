// What goes wrong with inputs, in one sentence and without half-written files.
import { createRandom } from '@hovernet/core';
import { initializeWeights, resolveConfig, type HoverNetOptions } from '@hovernet/model';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCheckpoint } from '@hovernet/training';
import { parseOutput, runCaptured } from '../cli/run-captured.js';
import { listFiles } from './list-files.js';
import { smallOutputPx, writeSmallProject } from './small-project.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true }));

const weights = join(folder, 'weights.safetensors');
const images = join(folder, 'data/Test/Images');
let config: string;

beforeAll(async () => {
  config = await writeSmallProject(folder);
  await writeWeights(weights, { width: 0.5 });
  expect(await runCaptured(['prepare', '--config_file', config])).toMatchObject({ exitCode: 0 });
});

async function writeWeights(path: string, options: HoverNetOptions): Promise<void> {
  const network = resolveConfig({ preset: 'tiny', ...options });
  await writeCheckpoint(path, { config: network, classes: [], state: initializeWeights(network, createRandom(1)) });
}

/** Runs a command that must fail as a whole: one sentence, nothing on standard output, no new file. */
async function expectSentence(words: readonly string[], message: RegExp): Promise<void> {
  const before = listFiles(folder);
  const run = await runCaptured([...words, '--config_file', config, '--bundle_root', folder, '--json']);
  expect({ ...run, stderr: '' }).toEqual({ exitCode: 1, stdout: '', stderr: '' });
  expect(run.stderr.trim().split('\n')).toEqual([expect.stringMatching(message)]);
  expect(listFiles(folder)).toEqual(before);
}

describe('a folder of images of which one is damaged', () => {
  const mixed = join(folder, 'mixed');
  const out = join(folder, 'out');

  it('is segmented but for that one, with exit code 2', async () => {
    mkdirSync(mixed);
    for (const name of ['c.png', 'd.png']) copyFileSync(join(images, name), join(mixed, name));
    writeFileSync(join(mixed, 'broken.png'), readFileSync(join(images, 'c.png')).subarray(0, 2000));
    const words = ['infer', '--config_file', config, '--weights', weights, '--dataset_dir', mixed];
    const run = await runCaptured([...words, '--output_dir', out, '--json']);
    expect(run.exitCode).toBe(2);
    const { images: done, failures } = parseOutput<{ images: { name: string }[]; failures: string[] }>(run);
    expect(done.map(({ name }) => name)).toEqual(['c', 'd']);
    expect(failures).toEqual([expect.stringMatching(/mixed\/broken\.png: .*truncated/)]);
    const endings = ['.json', '_instance_map.nii.gz', '_overlay.png', '_type_map.nii.gz'];
    const files = ['c', 'd'].flatMap((name) => endings.map((ending) => name + ending));
    expect(listFiles(out)).toEqual([...files, 'infer_config.json']);
  });

  it('has the sentence about the damaged one printed once', async () => {
    const words = ['infer', '--config_file', config, '--weights', weights, '--dataset_dir', mixed];
    const { stderr } = await runCaptured([...words, '--output_dir', out]);
    expect(stderr.match(/broken\.png/g)).toHaveLength(1);
  });

  it('is a failure where every image is damaged', async () => {
    const damaged = join(folder, 'damaged');
    mkdirSync(damaged);
    for (const name of ['x.png', 'y.png']) writeFileSync(join(damaged, name), 'no image');
    const words = ['infer', '--config_file', config, '--weights', weights, '--dataset_dir', damaged];
    const run = await runCaptured([...words, '--output_dir', join(folder, 'none')]);
    expect(run.exitCode).toBe(1);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});

describe('a checkpoint', () => {
  const infer = (path: string) => [
    'infer',
    '--dataset_dir',
    images,
    '--output_dir',
    join(folder, 'o'),
    '--weights',
    path,
  ];

  it('that is missing is named', async () => {
    await expectSentence(infer(join(folder, 'no.safetensors')), /no\.safetensors: no such file.*check the path/);
  });

  it('that is truncated is named', async () => {
    const path = join(folder, 'cut.safetensors');
    writeFileSync(path, readFileSync(weights).subarray(0, 100_000));
    await expectSentence(infer(path), /cut\.safetensors: .*(truncated|describes \d+ bytes)/);
  });

  it('of another number of classes is no start for training', async () => {
    const path = join(folder, 'three.safetensors');
    await writeWeights(path, { width: 0.5, outClasses: 3 });
    const words = ['train', '--stage', '1', '--ckpt_path_stage0', path];
    await expectSentence(
      words,
      /network_def: .*three\.safetensors: .*outClasses 5, got 3; describe the network as it was in training/,
    );
  });

  it('of another width is no start for training', async () => {
    const path = join(folder, 'wide.safetensors');
    await writeWeights(path, { width: 1 });
    const words = ['train', '--stage', '1', '--ckpt_path_stage0', path];
    await expectSentence(
      words,
      /network_def: .*wide\.safetensors: expected weights of a network with \w+ .*; describe the network/,
    );
  });

  it('whose tensors do not fit what it says of itself is refused', async () => {
    const path = join(folder, 'mixed.safetensors');
    const [tiny, wide] = [0.5, 1].map((width) => resolveConfig({ preset: 'tiny', width }));
    await writeCheckpoint(path, { config: tiny!, classes: [], state: initializeWeights(wide!, createRandom(1)) });
    await expectSentence(
      infer(path),
      /mixed\.safetensors: its weights do not fit .*expected float32 \[.*got float32 \[/,
    );
  });
});

describe('training', () => {
  const train = ['train', '--output_dir', join(folder, 'log')];

  it('names a folder without patches', async () => {
    await expectSentence(
      [...train, '--dataset_dir', join(folder, 'nowhere')],
      /nowhere\/Train: no such file or folder/,
    );
  });

  it('says how large patches must be', async () => {
    const words = ['--patch_size', '256', '--out_size', '204'];
    await expectSentence(
      [...train, ...words],
      /patch_size: expected patches of at least 256 px in .*Train, got 160×160/,
    );
  });

  it('says which out_size fits', async () => {
    const message = new RegExp(`out_size: expected ${smallOutputPx}, what the network makes of patch_size 128`);
    await expectSentence([...train, '--out_size', '40'], message);
  });

  it('refuses batches that no epoch can fill', async () => {
    await expectSentence([...train, '--batch_size', '1000', '--train#dataloader#drop_last'], /batch_size/);
  });

  it('says how many classes the taxonomy has', async () => {
    const words = ['--network_def#out_classes', '3'];
    await expectSentence([...train, ...words], /out_classes: expected 5 .*taxonomy consep-merged\), got 3/);
  });
});

describe('evaluation', () => {
  it('refuses weights of another number of classes than the tiles have', async () => {
    const path = join(folder, 'three-classes.safetensors');
    await writeWeights(path, { width: 0.5, outClasses: 3 });
    await expectSentence(['evaluate', '--weights', path], /three-classes\.safetensors: .*3.*taxonomy/);
  });

  it('names a damaged tile and writes no scores', async () => {
    const damaged = join(folder, 'prepared-damaged');
    mkdirSync(join(damaged, 'Test'), { recursive: true });
    for (const file of ['image_c.npy', 'label_c.npy']) {
      copyFileSync(join(folder, 'prepared/Test', file), join(damaged, 'Test', file));
    }
    const path = join(damaged, 'Test/label_c.npy');
    writeFileSync(path, readFileSync(path).subarray(0, 5000));
    const before = listFiles(folder);
    const words = ['evaluate', '--config_file', config, '--bundle_root', folder, '--weights', weights];
    const run = await runCaptured([...words, '--dataset_dir', damaged]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr.trim().split('\n').at(-1)).toMatch(/^hovernet: .*Test\/label_c\.npy: /);
    expect(listFiles(folder)).toEqual(before);
  });
});
