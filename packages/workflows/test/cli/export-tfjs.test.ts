import { createRandom } from '@hovernet/core';
import { decodeSafetensors } from '@hovernet/files';
import {
  createInferenceProgram,
  initializeWeights,
  outputSize,
  resolveConfig,
  toConstants,
  type StateDict,
  type WeightArray,
} from '@hovernet/model';
import { createEagerEngine } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWeights } from '@hovernet/model/node';
import { writeCheckpoint } from '@hovernet/training';
import { parseOutput, runCaptured } from './run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-export-tfjs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = resolveConfig({
  preset: 'tiny',
  outClasses: 3,
  stageChannels: [2, 3, 4, 5],
  denseUnits: [2, 1],
  denseBottleneck: 8,
  headChannels: 4,
});
const classes = [{ id: 1, name: 'one', color: [255, 0, 0] }] as const;
const details = { mpp: 0.25, license: 'CC-BY-4.0' };
const weights = join(folder, 'weights.safetensors');
const state: StateDict = new Map(
  [...initializeWeights(config, createRandom(1))].map(([name, array], index): [string, WeightArray] =>
    array.dtype === 'int64' ? [name, { ...array, data: BigInt64Array.of(2n ** 40n + BigInt(index)) }] : [name, array],
  ),
);

beforeAll(() => writeCheckpoint(weights, { config, classes, state, ...details }));

async function exportModel(name: string, ...words: string[]) {
  const out = join(folder, name);
  const run = await runCaptured(['export', '--weights', weights, '--to', 'tfjs', '--out', out, ...words, '--json']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return { out, document: parseOutput<Record<string, unknown>>(run) };
}

function listBytes(out: string): Record<string, number> {
  return Object.fromEntries(readdirSync(out).map((name) => [name, statSync(join(out, name)).size]));
}

/** Loads the folder as tfjs-node's file handler does: model.json, then the shards that it names. */
function loadFolder(out: string): Promise<tf.GraphModel> {
  const fetchFunc = (url: Parameters<typeof fetch>[0]) =>
    Promise.resolve(new Response(readFileSync(join(out, String(url).split('/').at(-1)!))));
  return tf.loadGraphModel(tf.io.http('http://localhost/model.json', { fetchFunc }));
}

describe('hovernet export --to tfjs', () => {
  it('writes a folder that TensorFlow.js loads and that computes what the network does', async () => {
    const { out, document } = await exportModel('model');
    const sizes = listBytes(out);
    expect(Object.keys(sizes).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
    const bytes = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    const fixed = {
      file: out,
      format: 'tfjs',
      precision: 'float32',
      window: null,
      dynamic_batch: true,
      dynamic_size: true,
    };
    expect(document).toEqual({ ...fixed, bytes });

    const windowPx = 40;
    const side = outputSize(config, windowPx);
    const random = createRandom(2);
    const image = Float32Array.from({ length: 3 * windowPx * windowPx }, () => random.uniform());
    const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
    const executable = await createEagerEngine({ backend: 'cpu' }).compile(program);
    const expected = await executable.run({ ...Object.fromEntries(toConstants(state)), image });
    await executable.dispose();
    const model = await loadFolder(out);
    const input = tf.transpose(tf.tensor4d(image, [1, 3, windowPx, windowPx]), [0, 2, 3, 1]);
    const results = model.predict(input) as tf.NamedTensorMap;
    for (const [name, channels] of Object.entries({ np: 2, hv: 2, nc: 3 })) {
      const actual = tf.transpose(results[name]!, [0, 3, 1, 2]);
      expect(actual.shape).toEqual([1, channels, side, side]);
      const reference = tf.tensor(expected[name]!.data as Float32Array, actual.shape);
      // The same kernels; only bilinear upsampling adds in another order.
      const tolerance = 1e-5 * tf.max(tf.abs(reference)).dataSync()[0]!;
      expect(tf.max(tf.abs(tf.sub(actual, reference))).dataSync()[0], name).toBeLessThan(tolerance);
    }
  });

  it('is read back into the same safetensors file, byte by byte', async () => {
    const { out } = await exportModel('back');
    const file = join(folder, 'back.safetensors');
    const words = ['export', '--weights', join(out, 'model.json'), '--to', 'safetensors', '--out', file];
    expect(await runCaptured(words)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(file).equals(readFileSync(weights))).toBe(true);
    expect(decodeSafetensors(readFileSync(file), file).tensors.size).toBe(state.size);
  });

  it('writes filters of half the bytes with --precision float16', async () => {
    const single = listBytes((await exportModel('single')).out);
    const { out, document } = await exportModel('half', '--precision', 'float16');
    expect(document).toMatchObject({ precision: 'float16' });
    const shard = 'group1-shard1of1.bin';
    expect(listBytes(out)[shard]! / single[shard]!).toBeLessThan(0.6);
    expect((await loadWeights(join(out, 'model.json'))).config).toEqual(config);
  });

  it('replaces a former model as a whole', async () => {
    const { out } = await exportModel('again');
    writeFileSync(join(out, 'group1-shard7of9.bin'), 'of a larger model');
    await exportModel('again');
    expect(Object.keys(listBytes(out)).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('refuses a folder with other files, a file, and int8, and touches nothing', async () => {
    const photos = join(folder, 'photos');
    mkdirSync(photos);
    writeFileSync(join(photos, 'cat.jpg'), 'a cat');
    const refusals: [string[], RegExp][] = [
      [['--out', photos], /photos: expected a new or empty folder, .*got one with cat\.jpg; give another --out$/],
      [['--out', weights], /weights\.safetensors: expected a folder for the model, got a file$/],
      [
        ['--out', join(folder, 'new'), '--precision', 'int8'],
        /tfjs: expected --precision float32 or float16, got int8/,
      ],
    ];
    for (const [words, message] of refusals) {
      const run = await runCaptured(['export', '--weights', weights, '--to', 'tfjs', ...words]);
      expect(run).toMatchObject({ exitCode: 1, stdout: '' });
      expect(run.stderr.trim()).toMatch(message);
    }
    expect(readdirSync(photos)).toEqual(['cat.jpg']);
    expect(readdirSync(folder)).not.toContain('new');
  });

  it('names a shard that is missing', async () => {
    const { out } = await exportModel('cut');
    rmSync(join(out, 'group1-shard1of1.bin'));
    await expect(loadWeights(join(out, 'model.json'))).rejects.toThrow(/cut\/group1-shard1of1\.bin: no such file/);
  });
});
