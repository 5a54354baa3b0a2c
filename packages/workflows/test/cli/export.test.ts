import { createRandom } from '@hovernet/core';
import {
  createInferenceProgram,
  decodeSafetensors,
  initializeWeights,
  outputSize,
  resolveConfig,
  tensorSpecs,
} from '@hovernet/model';
import { createEagerEngine } from '@hovernet/ops';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../src/network/checkpoint.js';
import { floatFeeds } from '../../src/network/float-feeds.js';
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

describe('hovernet export --to onnx', () => {
  it('writes a model that computes what the network does, operation by operation', async () => {
    const { out, document } = await exportTo('onnx', 'small.onnx', '--window', String(windowPx));
    const bytes = readFileSync(out);
    expect(document).toEqual({
      file: out,
      format: 'onnx',
      precision: 'float32',
      window: windowPx,
      bytes: bytes.length,
    });
    const random = createRandom(2);
    const image = Float32Array.from({ length: 3 * windowPx * windowPx }, () => random.uniform());
    const session = await InferenceSession.create(bytes);
    expect([session.inputNames, session.outputNames]).toEqual([['image'], ['np', 'hv', 'nc']]);
    const actual = await session.run({ image: new Tensor('float32', image, [1, 3, windowPx, windowPx]) });
    await session.release();

    const program = createInferenceProgram(config, { height: windowPx, width: windowPx });
    const executable = await createEagerEngine({ backend: 'cpu' }).compile(program);
    const expected = await executable.run({ ...floatFeeds(state), image });
    await executable.dispose();
    const side = outputSize(config, windowPx);
    const channels = { np: 2, hv: 2, nc: 3 };
    for (const [name, count] of Object.entries(channels)) {
      const { data, dims } = actual[name]!;
      expect(dims).toEqual([1, count, side, side]);
      const reference = expected[name]!.data;
      const scale = Math.max(...reference.map(Math.abs));
      // Two float32 runtimes that add in different orders, over some 60 layers.
      reference.forEach((value, i) => {
        const difference = Math.abs((data as Float32Array)[i]! - value);
        if (difference > 1e-4 * scale) expect.fail(`${name}[${i}] is off by ${difference}`);
      });
    }
  });

  it('says in the model which network and classes it is', async () => {
    const { out } = await exportTo('onnx', 'described.onnx', '--window', String(windowPx));
    const text = readFileSync(out, 'latin1');
    for (const part of [JSON.stringify(config), JSON.stringify(classes), 'hovernet.window']) {
      expect(text).toContain(part);
    }
  });

  it("takes the network's own window by default", async () => {
    expect((await exportTo('onnx', 'default.onnx')).document).toMatchObject({ window: 256 });
  });
});

describe('hovernet export --to safetensors', () => {
  it('writes the weights without the state of training', async () => {
    const { out, document } = await exportTo('safetensors', 'plain.safetensors');
    expect(document).toMatchObject({ format: 'safetensors', window: null });
    const { tensors, metadata } = decodeSafetensors(readFileSync(out), out);
    expect([...tensors.keys()]).toEqual([...state.keys()]);
    expect(Object.keys(metadata)).toEqual(['format', 'hovernet.config', 'hovernet.classes']);
    const read = await readCheckpoint(out);
    expect(read).toMatchObject({ config, classes });
    for (const { name } of tensorSpecs(config)) expect(read.state.get(name)).toEqual(state.get(name));
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
    [['--to', 'tfjs'], /export to tfjs is not supported yet; export to onnx or safetensors$/],
    [['--precision', 'float16'], /export in float16 is not supported yet; use --precision float32$/],
    [['--precision', 'int8'], /export in int8 is not supported yet; use --precision float32$/],
    [['--window', '100'], /expected a height and width that the network can halve .*got 100 px; nearest that fit/],
    [['--window', 'big'], /option '--window <pixels>' argument 'big' is invalid/],
    [['--weights', 'nowhere.safetensors'], /nowhere\.safetensors: no such file/],
    [['--weights', 'model.onnx'], /model\.onnx: not a \.safetensors file/],
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
