import { createRandom, WeightsError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '@hovernet/files';
import { initializeWeights } from '../src/index.js';
import { loadStateDict } from '../src/internal.js';
import type { StoredTensor } from '@hovernet/files';
import { createNoiseState, smallConfig } from './support/noise-state.js';

const stem = 'conv0.conv.weight';
const counter = 'conv0.bn.num_batches_tracked';
const noise = createNoiseState(smallConfig);
const total = noise.size;

function createTensors(change: (tensors: Map<string, StoredTensor>) => void = () => {}): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>(noise);
  change(tensors);
  return tensors;
}

describe('loadStateDict', () => {
  it('restores what was saved', () => {
    const { tensors } = decodeSafetensors(encodeSafetensors(noise), 'memory');
    const { state, coverage } = loadStateDict(smallConfig, tensors);
    expect([...state]).toEqual([...noise]);
    expect(coverage).toEqual({ loaded: total, total, missing: [], unexpected: [], mismatched: [] });
  });

  it('shares no memory with the file', () => {
    const { state } = loadStateDict(smallConfig, noise);
    state.get(stem)!.data[0] = 99;
    expect(noise.get(stem)!.data[0]).not.toBe(99);
  });

  it('puts the tensors into the order of the state dict', () => {
    const reversed = new Map([...noise].reverse());
    expect([...loadStateDict(smallConfig, reversed).state.keys()]).toEqual([...noise.keys()]);
  });

  it('converts other floats and integers', () => {
    const tensors = createTensors((map) => {
      const { shape, data } = noise.get(stem)!;
      map.set(stem, { dtype: 'float64', shape, data: Float64Array.from(data as Float32Array) });
      map.set(counter, { dtype: 'int32', shape: [], data: Int32Array.of(12) });
    });
    const { state } = loadStateDict(smallConfig, tensors);
    expect(state.get(stem)).toEqual(noise.get(stem));
    expect(state.get(counter)).toEqual({ dtype: 'int64', shape: [], data: BigInt64Array.of(12n) });
  });

  it('does without batch counters, which old files lack', () => {
    const { state, coverage } = loadStateDict(
      smallConfig,
      createTensors((map) => map.delete(counter)),
    );
    expect(state.get(counter)!.data[0]).toBe(0n);
    expect(coverage).toMatchObject({ loaded: total - 1, missing: [counter] });
  });

  it('refuses files that do not cover the network, naming some of what is wrong', () => {
    const tensors = createTensors((map) => {
      map.delete('conv0.bn.weight');
      map.set('module.extra', { dtype: 'float32', shape: [1], data: new Float32Array(1) });
      map.set(stem, { dtype: 'float32', shape: [1, 1, 1, 1], data: new Float32Array(1) });
      map.set('conv0.bn.bias', { dtype: 'int32', shape: [5], data: new Int32Array(5) });
    });
    expect(() => loadStateDict(smallConfig, tensors)).toThrow(WeightsError);
    expect(() => loadStateDict(smallConfig, tensors)).toThrow(
      `the file fits ${total - 3} of ${total} tensors; 1 missing: conv0.bn.weight; 1 unexpected: module.extra; ` +
        `2 of another shape or type: ${stem} (expected float32 [5, 3, 7, 7], got float32 [1, 1, 1, 1]), ` +
        `conv0.bn.bias (expected float32 [5], got int32 [5])`,
    );
  });

  it('shows at most three names', () => {
    const message = /: conv0\.conv\.weight, conv0\.bn\.weight, conv0\.bn\.bias, …/;
    expect(() => loadStateDict(smallConfig, new Map())).toThrow(message);
  });

  it('completes a partial file from initial weights unless strict', () => {
    const initial = initializeWeights(smallConfig, createRandom(1));
    const encoder = new Map([...noise].filter(([name]) => /^(conv0|res_blocks)/.test(name)));
    const { state, coverage } = loadStateDict(smallConfig, encoder, { strict: false, initial });
    expect(coverage).toMatchObject({ loaded: encoder.size, total, unexpected: [], mismatched: [] });
    expect(state.get(stem)).toEqual(noise.get(stem));
    const head = 'nucleus_prediction.output_features.decoderblock4.conv.weight';
    expect(state.get(head)).toEqual(initial.get(head));
    expect(state.get(head)!.data).not.toBe(initial.get(head)!.data);
  });

  it('needs initial weights for what is missing', () => {
    expect(() => loadStateDict(smallConfig, new Map(), { strict: false })).toThrow(
      /neither the file nor the initial weights have conv0\.conv\.weight/,
    );
  });
});
