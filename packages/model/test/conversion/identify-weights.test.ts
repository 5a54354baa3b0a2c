import { FileError, WeightsError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { toOriginalTensors } from '../../src/conversion/original-tensors.js';
import { encodeSafetensors, encodeTorchFile, type TorchValue } from '@hovernet/files';
import { encodeCheckpoint, type CheckpointFormat, type StateDict } from '../../src/index.js';
import { loadNetwork, identifyWeights } from '../../src/internal.js';
import { createNoiseState, smallConfig } from '../support/noise-state.js';

const state = createNoiseState(smallConfig);
const classes = [{ id: 1, name: 'tumour', color: [255, 0, 0] }] as const;

function prefix(tensors: StateDict, text: string): StateDict {
  return new Map([...tensors].map(([name, tensor]) => [text + name, tensor]));
}

describe('identifyWeights', () => {
  it('reads what encodeCheckpoint wrote, with everything that it says of itself', () => {
    const config = { ...smallConfig, reference: 'hover_net', decoderPadding: true, dropout: 0.1 } as const;
    const details = { mpp: 0.5, license: 'MIT', training: { seed: 1 } };
    const moment = { dtype: 'float32', shape: [1], data: Float32Array.of(2) } as const;
    const options = { config, classes, ...details, metadata: { note: 'n' }, extras: new Map([['adam/a', moment]]) };
    const read = identifyWeights(encodeCheckpoint(state, options), 'own.safetensors');
    expect(read).toMatchObject({ source: 'own.safetensors', origin: 'hovernet', part: 'network', unused: [] });
    expect(read).toMatchObject({ config, classes, ...details, metadata: { note: 'n' } });
    expect([...read.tensors]).toEqual([...state]);
    expect([...read.extras]).toEqual([['adam/a', moment]]);
  });

  it('reads files that name the reference as they always did, and writes them so', () => {
    const config = { ...smallConfig, reference: 'hover_net' } as const;
    const read = identifyWeights(encodeCheckpoint(state, { config }), 'own.safetensors');
    expect(read.metadata['hovernet.config']).toBe(
      JSON.stringify(config).replace('"reference":"hover_net"', '"compat":"original"'),
    );
    expect(read.config).toEqual(config);
  });

  it("takes MONAI's names without a description for what their shapes say", () => {
    const read = identifyWeights(encodeCheckpoint(state), 'plain.safetensors');
    expect(read).toMatchObject({ origin: 'monai', config: smallConfig, classes: [] });
    expect(Object.keys(read)).not.toContain('mpp');
  });

  it.each(['', 'module.', '_orig_mod.module.'])("takes the original's names for its graph, behind %j", (text) => {
    const file = encodeSafetensors(prefix(toOriginalTensors(state), text));
    const read = identifyWeights(file, 'original.safetensors');
    expect(read).toMatchObject({
      origin: 'original',
      part: 'network',
      config: { ...smallConfig, reference: 'hover_net' },
    });
    expect(read.unused).toEqual(['upsample2x.unpool_mat']);
    expect(new Map(read.tensors)).toEqual(new Map(state));
  });

  it('keeps tensors that it does not know, for loading to report', () => {
    const extra = new Map([...state, ['teacher.weight', state.get('conv0.bn.weight')!]]);
    expect(identifyWeights(encodeSafetensors(extra), 'more.safetensors').tensors.has('teacher.weight')).toBe(true);
  });

  it('refuses a network that is only in part a HoVer-Net, naming what is missing', () => {
    const head = 'nucleus_prediction.output_features.decoderblock3.conva.weight';
    const less = new Map([...state].filter(([name]) => name !== head));
    const read = () => identifyWeights(encodeSafetensors(less), 'less.safetensors');
    expect(read).toThrow(WeightsError);
    expect(read).toThrow(`less.safetensors: expected a HoVer-Net, but ${head} is missing`);
  });

  it('refuses a key of a dictionary for a file that has none', () => {
    const read = () => identifyWeights(encodeCheckpoint(state), 'a.safetensors', { key: 'model' });
    expect(read).toThrow(/a\.safetensors: expected a PyTorch file, where there is a key model, got safetensors/);
  });

  it.each<[CheckpointFormat, string]>([
    ['monai', 'monai'],
    ['monai-model', 'monai'],
    ['original', 'original'],
  ])('reads the weights of the PyTorch file %s bit by bit', (format, origin) => {
    const read = identifyWeights(encodeCheckpoint(state, { format }), 'model.pt');
    expect(read).toMatchObject({
      origin,
      part: 'network',
      config: { ...smallConfig, reference: origin === 'original' ? 'hover_net' : 'monai' },
      metadata: {},
    });
    expect([...loadNetwork(read).state]).toEqual([...state]);
  });

  it.each(['monai-model', 'original'] as const)('reads what the PyTorch file %s says of itself', (format) => {
    const options = { format, config: smallConfig, classes, mpp: 0.25 };
    const read = identifyWeights(encodeCheckpoint(state, options), 'model.pt');
    expect(read).toMatchObject({ origin: 'hovernet', config: smallConfig, classes, mpp: 0.25 });
  });

  it('takes the dictionary of a PyTorch file that is asked for', () => {
    const averaged: StateDict = new Map([...state].map(([name, tensor]) => [`module.${name}`, tensor]));
    const root = new Map<string, TorchValue>([
      ['model', new Map()],
      ['averaged', averaged],
    ]);
    const read = identifyWeights(encodeTorchFile(root), 'run.pt', { key: 'averaged' });
    expect([...loadNetwork(read).state]).toEqual([...state]);
  });

  it('writes the same bytes for the same weights', () => {
    const [first, second] = [1, 2].map(() => encodeCheckpoint(state, { format: 'original', config: smallConfig }));
    expect(Buffer.compare(first!, second!)).toBe(0);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('these are no weights at all')],
  ])('refuses %s', (_, bytes) => {
    expect(() => identifyWeights(bytes, 'bad.pt')).toThrow(FileError);
    expect(() => identifyWeights(bytes, 'bad.pt')).toThrow(
      /^bad\.pt: expected weights, as safetensors or a PyTorch file .*, got /,
    );
  });
});
