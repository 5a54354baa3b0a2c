import { createRandom, FileError, WeightsError } from '@hovernet/core';
import { encodeSafetensors } from '@hovernet/files';
import { encodeCheckpoint, initializeWeights, resolveConfig } from '@hovernet/model';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWeights } from '@hovernet/model/node';
import { writeCheckpoint } from '@hovernet/training';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = resolveConfig({ preset: 'tiny', width: 0.5, outClasses: 3 });
const state = initializeWeights(config, createRandom(1));
const classes = [{ id: 1, name: 'tumour', color: [255, 0, 0] }] as const;
const path = join(folder, 'model.safetensors');
const foreign = join(folder, 'foreign.safetensors');
const original = join(folder, 'original.tar');

beforeAll(async () => {
  const moment = { dtype: 'float32', shape: [2], data: Float32Array.of(3, 4) } as const;
  const metadata = { 'hovernet.adam_step': '7' };
  await writeCheckpoint(path, { config, classes, state, metadata, extras: new Map([['adam/first/a', moment]]) });
  writeFileSync(foreign, encodeSafetensors(state));
  writeFileSync(original, encodeCheckpoint(state, { format: 'original' }));
});

describe('a checkpoint that was written', () => {
  it('is read with network, classes, weights, metadata and what belongs to training', async () => {
    const read = await loadWeights(path);
    expect(read).toMatchObject({ config, classes });
    expect([...read.state]).toEqual([...state]);
    expect(read.metadata['hovernet.adam_step']).toBe('7');
    expect([...read.extras.keys()]).toEqual(['adam/first/a']);
    expect([...read.extras.get('adam/first/a')!.data]).toEqual([3, 4]);
  });

  it('has the same bytes when it is written again', async () => {
    const { state: weights } = await loadWeights(foreign);
    const [first, second] = [join(folder, '1.safetensors'), join(folder, '2.safetensors')];
    await writeCheckpoint(first, { config, classes, state });
    await writeCheckpoint(second, { config, classes, state: weights });
    expect(readFileSync(second).equals(readFileSync(first))).toBe(true);
  });

  it('shares no memory with what was read before', async () => {
    const { state: weights } = await loadWeights(path);
    (weights.get('conv0.conv.weight')!.data as Float32Array).fill(9);
    expect((await loadWeights(path)).state.get('conv0.conv.weight')!.data[0]).not.toBe(9);
  });

  it('leaves nothing beside it', () => {
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('the network of a checkpoint', () => {
  it('is what the file says, whatever is assumed', async () => {
    const assumed = { reference: 'hover_net', decoderPadding: true, dropout: 0.5 } as const;
    expect((await loadWeights(path, { assumed })).config).toEqual(config);
  });

  it('is told by shapes and names where the file says nothing', async () => {
    const read = await loadWeights(foreign);
    expect(read).toMatchObject({ config, classes: [], origin: 'monai', coverage: { loaded: state.size } });
  });

  it('is completed by what is assumed where the file says nothing', async () => {
    const assumed = { reference: 'hover_net', decoderPadding: true, dropout: 0.5 } as const;
    expect((await loadWeights(foreign, { assumed })).config).toEqual({ ...config, ...assumed });
  });

  it('of the original repository runs in its graph, unless another is assumed', async () => {
    expect((await loadWeights(original)).config).toEqual({ ...config, reference: 'hover_net' });
    expect((await loadWeights(original, { assumed: { reference: 'monai' } })).config).toEqual(config);
  });
});

describe('a checkpoint that cannot be used', () => {
  it.each<[string, Uint8Array | string, RegExp]>([
    ['empty.safetensors', '', /empty\.safetensors: expected weights, .* got an empty file/],
    [
      'text.safetensors',
      'this is no checkpoint at all',
      /text\.safetensors: expected weights, as safetensors or a PyTorch file/,
    ],
    ['weights.pth', 'PK', /weights\.pth: .*zip/],
  ])('is named in one sentence: %s', async (name, content, message) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    await expect(loadWeights(file)).rejects.toThrow(FileError);
    await expect(loadWeights(file)).rejects.toThrow(message);
  });

  it('is named where it ends early', async () => {
    const file = join(folder, 'cut.safetensors');
    writeFileSync(file, readFileSync(path).subarray(0, -4));
    await expect(loadWeights(file)).rejects.toThrow(/cut\.safetensors: its header describes \d+ bytes of data/);
  });

  it('is told from an encoder', async () => {
    const file = join(folder, 'encoder.tar');
    const encoder = new Map([...state].filter(([name]) => /^(conv0|res_blocks)\./.test(name)));
    writeFileSync(file, encodeCheckpoint(encoder, { format: 'original' }));
    await expect(loadWeights(file)).rejects.toThrow(/encoder\.tar: expected a whole HoVer-Net, got an encoder/);
  });

  it('is named where a tensor of the network is missing, with that tensor', async () => {
    const file = join(folder, 'less.safetensors');
    const less = new Map([...state].filter(([name]) => name !== 'conv0.conv.weight'));
    await writeCheckpoint(file, { config, classes, state: less });
    await expect(loadWeights(file)).rejects.toThrow(WeightsError);
    await expect(loadWeights(file)).rejects.toThrow(/less\.safetensors: .*1 missing: conv0\.conv\.weight/);
  });
});
