import '@tensorflow/tfjs-backend-wasm';
import { hashNoise } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HoverNetConfig } from '../../src/index.js';
import { encodeTfjsModel } from '../../src/internal.js';
import { createNoiseState, createWaveImage, smallConfig } from '../support/noise-state.js';
import { compareWithNetwork } from './compare-with-network.js';

beforeEach(async () => {
  await tf.setBackend('cpu');
  tf.engine().startScope();
});
afterEach(() => tf.engine().endScope());

async function load(config: HoverNetConfig) {
  const state = createNoiseState(config);
  const model = await tf.loadGraphModel(tf.io.fromMemory(encodeTfjsModel(config, state)));
  return { model, network: { config, state } };
}

function noise(...shape: [number, number, number, number]): tf.Tensor4D {
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => 0.5 + 0.5 * hashNoise(i, 7));
  return tf.tensor4d(values, shape);
}

describe('a graph model', () => {
  const variants: [string, Partial<HoverNetConfig>, number, number][] = [
    ['fast as MONAI', {}, 40, 48],
    ['fast as the original', { reference: 'hover_net' }, 40, 48],
    ['original kernels as MONAI', { mode: 'original', denseUnits: [1, 1] }, 70, 78],
    ['original kernels as the original', { mode: 'original', reference: 'hover_net', denseUnits: [1, 1] }, 70, 78],
    ['padded as MONAI', { decoderPadding: true }, 16, 24],
    ['padded as the original', { decoderPadding: true, reference: 'hover_net' }, 16, 24],
    ['at half resolution', { decoderPadding: true, reference: 'hover_net', stemStride: 2 }, 32, 48],
    ['at half resolution as MONAI', { stemStride: 2 }, 80, 96],
    ['original kernels, padded', { mode: 'original', decoderPadding: true }, 22, 30],
    ['without a type branch', { outClasses: 0 }, 40, 48],
    ['with dropout, which evaluation leaves out', { dropout: 0.5 }, 40, 48],
    ['ungrouped, three channels of np, four of the image', { groups: 1, npOutChannels: 3, inChannels: 4 }, 40, 48],
  ];

  it.each(variants)('gives what the network gives for any batch and window: %s', async (_, variant, small, large) => {
    const { model, network } = await load({ ...smallConfig, ...variant });
    const { inChannels } = network.config;
    compareWithNetwork(model, network, noise(1, small, large, inChannels));
    compareWithNetwork(model, network, noise(2, small, small, inChannels));
  });

  it.each(['monai', 'hover_net'] as const)('runs on WebAssembly too, graph of %s', async (reference) => {
    const { model, network } = await load({ ...smallConfig, reference });
    await tf.setBackend('wasm');
    compareWithNetwork(model, network, noise(2, 40, 48, 3));
  });

  it('names its input and outputs and leaves nothing behind but its results', async () => {
    const { model } = await load(smallConfig);
    expect(model.inputs).toEqual([{ name: 'image', shape: [-1, -1, -1, 3], dtype: 'float32' }]);
    expect([model.inputNodes, model.outputNodes]).toEqual([['image'], ['np', 'hv', 'nc']]);
    const image = createWaveImage(40, 40);
    const before = tf.memory().numTensors;
    const { np } = model.predict({ image }) as tf.NamedTensorMap;
    expect(tf.memory().numTensors - before).toBe(3);
    const hv = model.execute(image, 'hv') as tf.Tensor;
    expect([np!.shape, hv.shape]).toEqual([
      [1, 8, 8, 2],
      [1, 8, 8, 2],
    ]);
  });

  it.each([
    ['of other channels', [1, 40, 40, 4], /must be \[-1,-1,-1,3\]/],
    ['that cannot be halved three times', [1, 44, 40, 3], /could not be broadcast together/],
    ['that leave no output', [1, 40, 16, 3], /Negative size/],
  ] as const)('has TensorFlow.js refuse images %s', async (_, shape, message) => {
    const { model } = await load(smallConfig);
    expect(() => model.predict(tf.zeros([...shape]))).toThrow(message);
  });
});
