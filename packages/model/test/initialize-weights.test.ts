import { createRandom } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { initializeWeights, resolveConfig } from '../src/index.js';
import { listTensors } from '../src/internal.js';
import { smallConfig } from './support/noise-state.js';

const config = resolveConfig({ preset: 'tiny' });
const state = initializeWeights(config, createRandom(7));

function readFloats(name: string): Float32Array {
  return state.get(name)!.data as Float32Array;
}

function deviation(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

describe('initializeWeights', () => {
  it('covers the state dict in order', () => {
    expect([...state.keys()]).toEqual(listTensors(config).map(({ name }) => name));
    for (const { name, shape, dtype } of listTensors(config)) {
      expect(state.get(name)).toMatchObject({ shape, dtype });
      expect(state.get(name)!.data).toHaveLength(shape.reduce((product, size) => product * size, 1));
    }
  });

  it('draws filters with deviation √(2 / fan-in), per group', () => {
    const shared = readFloats('res_blocks.d3.layers.denselayer_0.layers.conv2.weight');
    expect(deviation(shared)).toBeCloseTo(Math.sqrt(2 / (64 * 9)), 3);
    const grouped = readFloats(
      'nucleus_prediction.decoder_blocks.decoderblock1.denselayerdecoder1.layers.conv2.weight',
    );
    expect(deviation(grouped) / Math.sqrt(2 / (8 * 9))).toBeCloseTo(1, 1);
  });

  it('starts batch-norms as the identity', () => {
    expect(new Set(readFloats('conv0.bn.weight'))).toEqual(new Set([1]));
    expect(new Set(readFloats('conv0.bn.bias'))).toEqual(new Set([0]));
    expect(new Set(readFloats('conv0.bn.running_mean'))).toEqual(new Set([0]));
    expect(new Set(readFloats('conv0.bn.running_var'))).toEqual(new Set([1]));
    expect(state.get('conv0.bn.num_batches_tracked')!.data[0]).toBe(0n);
  });

  it('draws head biases within one over the root of the fan-in', () => {
    const bias = readFloats('type_prediction.output_features.decoderblock4.conv.bias');
    expect(Math.max(...bias.map(Math.abs))).toBeLessThanOrEqual(1 / 4);
    expect(new Set(bias).size).toBe(bias.length);
  });

  it('depends on the seed alone', () => {
    expect(initializeWeights(smallConfig, createRandom(3))).toEqual(initializeWeights(smallConfig, createRandom(3)));
    expect(initializeWeights(smallConfig, createRandom(3))).not.toEqual(
      initializeWeights(smallConfig, createRandom(4)),
    );
  });
});
