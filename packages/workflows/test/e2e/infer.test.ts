// `hovernet infer` as people type it; the network is small and untrained.
import { createRandom, HovernetError } from '@hovernet/core';
import { readNpz, writePng } from '@hovernet/files/node';
import { initializeWeights, resolveConfig } from '@hovernet/model';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScene } from '@hovernet/bench';
import { writeCheckpoint } from '@hovernet/training';
import { parseOutput, runCaptured, type CapturedRun } from '../cli/run-captured.js';
import { listFiles } from './list-files.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-infer-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface InferDocument {
  readonly images: readonly { readonly name: string; readonly path: string; readonly skipped?: boolean }[];
  readonly failures: readonly string[];
}

const weights = join(folder, 'weights.safetensors');
const input = (...names: string[]) => join(folder, 'input', ...names);

beforeAll(async () => {
  const network = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 5 });
  await writeCheckpoint(weights, { config: network, classes: [], state: initializeWeights(network, createRandom(1)) });
  for (const [seed, name] of ['x/1.png', 'x/y/2.png', 'z/1.png'].entries())
    await writePng(input(name), createScene(90, seed).image);
});

function infer(
  words: readonly string[],
  signal?: AbortSignal,
  onMessage?: (text: string) => void,
): Promise<CapturedRun> {
  const common = ['infer', '--weights', weights, '--patch_size', '128', '--taxonomy', 'consep-merged'];
  return runCaptured([...common, ...words], signal, onMessage);
}

describe('images below several folders', () => {
  const out = join(folder, 'several');
  const words = ['--dataset_dir', input('**/*.png'), '--output_dir', out, '--infer#outputs', 'json'];

  it('keep their folders where they share a name', async () => {
    const run = await infer([...words, '--json']);
    expect(run.exitCode, run.stderr).toBe(0);
    const { images, failures } = parseOutput<InferDocument>(run);
    expect(images.map(({ name, path }) => [name, path])).toEqual([
      ['x/1', input('x/1.png')],
      ['2', input('x/y/2.png')],
      ['z/1', input('z/1.png')],
    ]);
    expect(failures).toEqual([]);
    expect(listFiles(out)).toEqual(['2.json', 'infer_config.json', 'x/1.json', 'z/1.json']);
    expect(run.stderr).toMatch(/^2 \(2\/3\): 4\/4 windows, .*all images .* left/m);
  });

  it('leave the configuration with its hash beside them', () => {
    const saved = JSON.parse(readFileSync(join(out, 'infer_config.json'), 'utf8')) as Record<string, unknown>;
    expect(saved).toMatchObject({ workflow: 'infer', infer: { outputs: 'json', tta: 'none' }, patch_size: 128 });
    expect(saved['_hash_']).toMatch(/^sha256:/);
  });

  it('are passed over by --skip_existing', async () => {
    rmSync(join(out, '2.json'));
    const run = await infer([...words, '--skip_existing', '--json']);
    expect(parseOutput<InferDocument>(run).images.map(({ name, skipped = false }) => [name, skipped])).toEqual([
      ['x/1', true],
      ['z/1', true],
      ['2', false],
    ]);
    expect((await infer([...words, '--skip_existing'])).stdout).toMatch(/^x\/1: skipped, its files are there$/m);
  });
});

it('takes a list of inputs, and ends with code 2 and a summary where some fail', async () => {
  writeFileSync(input('broken.png'), 'no image');
  const inputs = `['${input('z')}', '${input('broken.png')}', '${input('x/1.png')}']`;
  const words = [
    '--infer#inputs',
    inputs,
    '--output_dir',
    join(folder, 'partly'),
    '--infer#outputs',
    "['npy', 'colors']",
  ];
  const run = await infer(words);
  expect(run.exitCode).toBe(2);
  expect(run.stdout).toMatch(/^2 images done, 1 failed$/m);
  expect(run.stderr.trim().split('\n').at(-1)).toMatch(/broken\.png: not a PNG/);
  expect(listFiles(join(folder, 'partly')).filter((name) => name.startsWith('z'))).toEqual([
    'z/1_instance_colors.png',
    'z/1_instance_map.npy',
    'z/1_type_map.npy',
  ]);
});

it('ends with code 1, each image told of, where all fail', async () => {
  writeFileSync(input('worse.png'), 'no image');
  const words = [
    '--infer#inputs',
    `['${input('broken.png')}', '${input('worse.png')}']`,
    '--output_dir',
    join(folder, 'none'),
  ];
  const run = await infer(words);
  expect([run.exitCode, run.stdout]).toEqual([1, '']);
  expect(run.stderr).toMatch(/broken\.png: .*\n.*worse\.png: .*\nhovernet: none of 2 images could be segmented\n$/);
});

it('ends with code 130 when interrupted, without parts of files', async () => {
  const controller = new AbortController();
  const out = join(folder, 'stopped');
  const words = ['--dataset_dir', input('**/1.png'), '--output_dir', out, '--infer#outputs', 'json'];
  const run = await infer(words, controller.signal, (text) => {
    if (text.includes('x/1')) controller.abort(new HovernetError('INTERRUPTED', 'interrupted'));
  });
  expect(run.exitCode).toBe(130);
  expect(run.stderr.trim().split('\n').at(-1)).toBe('hovernet: interrupted');
  expect(listFiles(out).filter((name) => !/^(infer_config|x\/1)\.json$/.test(name))).toEqual([]);
});

it('averages views and mirrors the border where it is told to', async () => {
  const read = async (name: string, ...words: string[]) => {
    const out = join(folder, name);
    expect(await infer(['--dataset_dir', input('z'), '--output_dir', out, '--raw', ...words])).toMatchObject({
      exitCode: 0,
    });
    return (await readNpz(join(out, '1_raw.npz'))).get('np')!.data as Float32Array;
  };
  const plain = await read('plain');
  const middle = 45 * 90 + 45;
  for (const [name, ...words] of [
    ['mirrored', '--mirror'],
    ['turned', '--infer#tta', 'flips'],
  ] as const) {
    const other = await read(name, ...words);
    expect(other.length).toBe(plain.length);
    expect(other[0]).not.toBe(plain[0]);
    expect(Number.isFinite(other[middle])).toBe(true);
  }
});

it.each([
  [['--infer#outputs', 'pdf'], /infer#outputs: expected nifti or npy or png .* got "pdf"/],
  [['--infer#tta', 'flip'], /infer#tta: .*got "flip"; did you mean flips/],
  [['--infer#block_size', '5'], /infer#block_size: expected .*at least 64.*, got 5/],
])('refuses what it does not know: %j', async (words, message) => {
  const run = await infer(['--dataset_dir', input('z'), '--output_dir', join(folder, 'no'), ...words]);
  expect(run.exitCode).toBe(1);
  expect(run.stderr.trim()).toMatch(message);
});

it('takes images as words, and the shipped weights where none are given', async () => {
  const out = join(folder, 'words');
  const words = ['infer', input('z'), input('x/1.png'), '--output_dir', out, '--bundle_root', folder, '--json'];
  const run = await runCaptured([...words, '--infer#outputs', 'json']);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stderr).toMatch(/^no weights given and none at .*: taking lite-consep, trained on colon tissue/m);
  expect(listFiles(out)).toEqual(['infer_config.json', 'x/1.json', 'z/1.json']);
  const { classes } = JSON.parse(readFileSync(join(out, 'z/1.json'), 'utf8')) as { classes: { name: string }[] };
  expect(classes.map(({ name }) => name)).toEqual(['Other', 'Inflammatory', 'Epithelial', 'Spindle-shaped']);
});
