import { createRandom } from '@hovernet/core';
import { decodeSafetensors } from '@hovernet/files';
import {
  createInferenceProgram,
  encodeCheckpoint,
  initializeWeights,
  outputSize,
  resolveConfig,
  toConstants,
} from '@hovernet/model';
import { tensorSpecs } from '@hovernet/model/internal';
import { createEagerEngine } from '@hovernet/ops';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { maxDifference, workspacePath } from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWeights } from '@hovernet/model/node';
import { writeCheckpoint } from '@hovernet/training';
import { parseOutput, runCaptured } from './run-captured.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const windowPx = 96;
const config = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 3 });
const classes = [
  { id: 1, name: 'one', color: [255, 0, 0] },
  { id: 2, name: 'two', color: [0, 255, 0] },
] as const;
const state = initializeWeights(config, createRandom(1));
const weights = join(folder, 'weights.safetensors');

beforeAll(() => {
  const moments = new Map([['adam/first/x', { dtype: 'float32', shape: [1], data: Float32Array.of(1) } as const]]);
  return writeCheckpoint(weights, { config, classes, state, extras: moments, metadata: { 'hovernet.run': 'abc' } });
});

async function exportTo(format: string, name: string, ...words: string[]) {
  const out = join(folder, name);
  const run = await runCaptured(['export', '--weights', weights, '--to', format, '--out', out, ...words, '--json']);
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return { out, document: parseOutput<Record<string, unknown>>(run) };
}

/** Pseudo-random images `[count, 3, window, window]`, the same in every call. */
function makeImages(count: number): Float32Array {
  const random = createRandom(2);
  return Float32Array.from({ length: count * 3 * windowPx * windowPx }, () => random.uniform());
}

async function runModel(bytes: Uint8Array, images: Float32Array) {
  const session = await InferenceSession.create(bytes);
  expect([session.inputNames, session.outputNames]).toEqual([['image'], ['np', 'hv', 'nc']]);
  const count = images.length / (3 * windowPx * windowPx);
  const results = await session.run({ image: new Tensor('float32', images, [count, 3, windowPx, windowPx]) });
  await session.release();
  return results;
}

/** Expects the raw maps of every image to be those of the network run operation by operation, but for `tolerance`. */
async function expectNetworkResults(
  actual: Awaited<ReturnType<typeof runModel>>,
  images: Float32Array,
  tolerance: number,
) {
  const area = 3 * windowPx * windowPx;
  const side = outputSize(config, windowPx);
  const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
  const executable = await createEagerEngine({ backend: 'cpu' }).compile(program);
  for (let index = 0; index * area < images.length; index++) {
    const image = images.slice(index * area, (index + 1) * area);
    const expected = await executable.run({ ...Object.fromEntries(toConstants(state)), image });
    for (const [name, channels] of Object.entries({ np: 2, hv: 2, nc: 3 })) {
      const { data, dims } = actual[name]!;
      expect(dims).toEqual([images.length / area, channels, side, side]);
      const reference = expected[name]!.data;
      const scale = Math.max(...reference.map(Math.abs));
      reference.forEach((value, i) => {
        const difference = Math.abs((data as Float32Array)[index * reference.length + i]! - value);
        if (difference > tolerance * scale) expect.fail(`${name}[${i}] of image ${index} is off by ${difference}`);
      });
    }
  }
  await executable.dispose();
}

/** Two float32 runtimes that add in different orders, over some 60 layers. */
const float32Tolerance = 1e-4;

describe('hovernet export --to onnx', () => {
  it('writes a model that computes what the network does, operation by operation', async () => {
    const { out, document } = await exportTo('onnx', 'small.onnx', '--window', String(windowPx));
    const bytes = readFileSync(out);
    expect(document).toEqual({
      file: out,
      format: 'onnx',
      precision: 'float32',
      window: windowPx,
      dynamic_batch: false,
      dynamic_size: false,
      bytes: bytes.length,
    });
    const images = makeImages(1);
    await expectNetworkResults(await runModel(bytes, images), images, float32Tolerance);
  });

  it('writes float16 weights, which take half of the bytes and change no more than their rounding', async () => {
    const single = readFileSync((await exportTo('onnx', 'single.onnx', '--window', String(windowPx))).out);
    const words = ['--window', String(windowPx), '--precision', 'float16'];
    const { out, document } = await exportTo('onnx', 'half.onnx', ...words);
    expect(document).toMatchObject({ precision: 'float16' });
    const bytes = readFileSync(out);
    const weightBytes = [...state.values()].reduce((sum, { data }) => sum + (data as Float32Array).byteLength, 0);
    expect(single.length - bytes.length).toBeGreaterThan(0.45 * weightBytes);
    const images = makeImages(1);
    // Weights are off by 2⁻¹² of themselves on average, in both directions, in each of some 60 layers.
    await expectNetworkResults(await runModel(bytes, images), images, 60 * 2 ** -12);
  });

  it('writes an int8 model, calibrated on images, with weights of a byte each', async () => {
    const images = workspacePath('samples/nucls/Train/Images/train_1.png');
    const words = ['--window', String(windowPx), '--precision', 'int8', '--calibration', images];
    const { out, document } = await exportTo('onnx', 'codes.onnx', ...words);
    expect(document).toMatchObject({ precision: 'int8' });
    const results = await runModel(readFileSync(out), makeImages(1));
    const { np } = results;
    expect([...np!.dims]).toEqual([1, 2, outputSize(config, windowPx), outputSize(config, windowPx)]);
    expect(Array.from(np!.data as Float32Array).every(Number.isFinite)).toBe(true);
    expect(readFileSync(out).includes('QuantizeLinear')).toBe(true);
  });

  it.each([
    ['float32', float32Tolerance],
    // As above: weights off by 2⁻¹² of themselves.
    ['float16', 60 * 2 ** -12],
  ] as const)('writes a model in %s that takes several windows at once', async (precision, tolerance) => {
    const words = ['--window', String(windowPx), '--dynamic_batch', '--precision', precision];
    const { out, document } = await exportTo('onnx', `batch-${precision}.onnx`, ...words);
    expect(document).toMatchObject({ dynamic_batch: true, precision });
    const images = makeImages(2);
    await expectNetworkResults(await runModel(readFileSync(out), images), images, tolerance);
  });

  it('writes a model that takes windows of any size, of a network whose graph is the same at every size', async () => {
    const padded = join(folder, 'padded.safetensors');
    const lite = resolveConfig({ preset: 'lite', width: 0.5 });
    await writeCheckpoint(padded, { config: lite, classes: [], state: initializeWeights(lite, createRandom(3)) });
    const out = join(folder, 'free.onnx');
    const words = ['--window', '64', '--dynamic_batch', '--dynamic_size', '--out', out, '--json'];
    const run = await runCaptured(['export', '--weights', padded, '--to', 'onnx', ...words]);
    expect(parseOutput(run)).toMatchObject({ dynamic_batch: true, dynamic_size: true, window: 64 });
    const session = await InferenceSession.create(out);
    const image = new Tensor('float32', new Float32Array(2 * 3 * 32 * 48), [2, 3, 32, 48]);
    expect((await session.run({ image }))['np']!.dims).toEqual([2, 2, 32, 48]);
    await session.release();
  });

  it('writes an int8 model that takes several windows at once, each as alone', async () => {
    const images = workspacePath('samples/nucls/Train/Images/train_1.png');
    const words = ['--window', String(windowPx), '--precision', 'int8', '--calibration', images, '--dynamic_batch'];
    const { out, document } = await exportTo('onnx', 'batch-codes.onnx', ...words);
    expect(document).toMatchObject({ dynamic_batch: true, precision: 'int8' });
    const bytes = readFileSync(out);
    const windows = makeImages(2);
    const together = await runModel(bytes, windows);
    for (const index of [0, 1]) {
      const area = windows.length / 2;
      const alone = await runModel(bytes, windows.slice(index * area, (index + 1) * area));
      for (const [name, { data }] of Object.entries(alone)) {
        const part = (together[name]!.data as Float32Array).slice(index * data.length, (index + 1) * data.length);
        // Codes are integers; the head in float32 adds up in the same order whatever the batch.
        expect(maxDifference(part, data as Float32Array).value, name).toBeLessThan(1e-5);
      }
    }
  });

  it('says in the model which network and classes it is', async () => {
    const { out } = await exportTo('onnx', 'described.onnx', '--window', String(windowPx), '--license', 'CC0-1.0');
    const text = readFileSync(out, 'latin1');
    const stored = JSON.stringify(config).replace('"reference"', '"compat"');
    for (const part of [stored, JSON.stringify(classes), 'hovernet.window', 'CC0-1.0']) {
      expect(text).toContain(part);
    }
  });

  it("takes the network's own window by default", async () => {
    expect((await exportTo('onnx', 'default.onnx')).document).toMatchObject({ window: 256 });
  });
});

describe('hovernet export --to safetensors', () => {
  it('stores filters in half of the bytes with --precision float16', async () => {
    const whole = await exportTo('safetensors', 'whole.safetensors');
    const half = await exportTo('safetensors', 'half.safetensors', '--precision', 'float16');
    expect(half.document).toMatchObject({ precision: 'float16' });
    expect(statSync(half.out).size).toBeLessThan(0.7 * statSync(whole.out).size);
  });

  it('tells the licence that is given', async () => {
    const { out } = await exportTo('safetensors', 'licensed.safetensors', '--license', 'CC-BY-4.0');
    const { mpp, license, training, postprocess, appearance } = await loadWeights(out);
    expect({ mpp, license, training, postprocess, appearance }).toEqual({ license: 'CC-BY-4.0' });
  });

  it('writes the weights without the state of training', async () => {
    const { out, document } = await exportTo('safetensors', 'plain.safetensors');
    expect(document).toMatchObject({ format: 'safetensors', window: null });
    const { tensors, metadata } = decodeSafetensors(readFileSync(out), out);
    expect([...tensors.keys()]).toEqual([...state.keys()]);
    expect(Object.keys(metadata)).toEqual(['format', 'hovernet.config', 'hovernet.classes']);
    const read = await loadWeights(out);
    expect(read).toMatchObject({ config, classes });
    for (const { name } of tensorSpecs(config)) expect(read.state.get(name)).toEqual(state.get(name));
  });
});

describe('hovernet export to the files of others', () => {
  it.each(['monai', 'monai-model', 'original'] as const)('writes %s, and reads it back bit by bit', async (format) => {
    const out = join(folder, `${format}.pt`);
    const run = await runCaptured(['export', '--weights', weights, '--to', format, '--out', out, '--json']);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(parseOutput(run)).toMatchObject({ format, window: null });
    const read = await loadWeights(out);
    expect(read).toMatchObject(format === 'monai' ? { config, classes: [] } : { config, classes });
    expect([...read.state]).toEqual([...state]);
    const back = join(folder, `${format}.safetensors`);
    await runCaptured(['export', '--weights', out, '--to', 'safetensors', '--out', back]);
    expect([...(await loadWeights(back)).state]).toEqual([...state]);
  });

  it('warns where the reader runs another graph than that of the weights', async () => {
    const out = join(folder, 'warned.tar');
    const run = await runCaptured(['export', '--weights', weights, '--to', 'original', '--out', out]);
    expect(run.stderr).toBe(
      `${out}: warning: weights for the graph of monai give different numbers in the graph of hover_net\n`,
    );
  });

  it('takes the graph of foreign weights from their origin, and says what was read', async () => {
    const foreign = join(folder, 'foreign.tar');
    writeFileSync(foreign, encodeCheckpoint(state, { format: 'original' }));
    const out = join(folder, 'from-original.safetensors');
    const run = await runCaptured(['export', '--weights', foreign, '--to', 'safetensors', '--out', out]);
    expect(run.stderr).toBe(
      `${foreign}: weights of the original repository, ${state.size} of ${state.size} tensors; ` +
        `mode fast, reference hover_net, 3 classes with background\n`,
    );
    expect((await loadWeights(out)).config).toEqual({ ...config, reference: 'hover_net' });
  });
});

describe('hovernet export with bad input', () => {
  async function expectSentence(words: string[], message: RegExp) {
    const out = join(folder, 'bad/out.file');
    const run = await runCaptured(['export', '--weights', weights, '--to', 'onnx', '--out', out, ...words]);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr.trim().split('\n')).toEqual([expect.stringMatching(message)]);
    expect(existsSync(join(folder, 'bad'))).toBe(false);
  }

  it.each([
    [['--to', 'tfjs', '--precision', 'int8'], /tfjs: expected --precision float32 or float16, got int8; .*onnx$/],
    [['--to', 'safetensors', '--precision', 'int8'], /safetensors: expected --precision float32 or float16, got int8/],
    [['--to', 'original', '--precision', 'float16'], /export to original: the weights are not converted; omit/],
    [
      ['--to', 'safetensors', '--dynamic_batch'],
      /safetensors: the weights are not converted; .*--dynamic_batch and --dynamic_size$/,
    ],
    [['--dynamic_size', '--window', '64'], /dynamicSize: expected a program whose graph is the same at every size/],
    [['--precision', 'int8'], /expected images to measure ranges on, got none; give --calibration$/],
    [
      ['--to', 'monai', '--license', 'MIT'],
      /export to monai: a bare state dict cannot store a licence; export to monai-model$/,
    ],
    [['--window', '100'], /expected a height and width that the network can halve .*got 100 px; nearest that fit/],
    [['--window', 'big'], /option '--window <pixels>' argument 'big' is invalid/],
    [['--weights', 'nowhere.safetensors'], /nowhere\.safetensors: no such file/],
  ])('refuses %j in one sentence', expectSentence);

  it('keeps a former file and leaves nothing beside it where writing fails', async () => {
    const occupied = join(folder, 'occupied');
    writeFileSync(occupied, 'a file, no folder');
    const words = ['export', '--weights', weights, '--to', 'safetensors', '--out', join(occupied, 'out.safetensors')];
    const run = await runCaptured(words);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(readFileSync(occupied, 'utf8')).toBe('a file, no folder');
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
