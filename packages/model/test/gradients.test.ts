import { hashNoise } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { hoverNetForward } from '../src/index.js';
import { listTrainable } from '../src/internal.js';
import type { HoverNetConfig, StateDict, WeightArray } from '../src/index.js';
import { createNoiseState, createTensors, createWaveImage, smallConfig } from './support/noise-state.js';
import { runPlainNetwork, type Planes } from './support/plain-network.js';
import { toPlanes } from './support/planes.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('gradients of hoverNetForward', () => {
  const variants: [string, Partial<HoverNetConfig>][] = [
    ['as MONAI', {}],
    ['as the original', { reference: 'hover_net' }],
  ];

  it.each(variants)('reach every trainable tensor and follow the loss: %s', (_, variant) => {
    const config = { ...smallConfig, ...variant };
    const state = createNoiseState(config);
    const image = createWaveImage(40, 40);
    const names = listTrainable(config).map(({ name }) => name);
    const gradients = computeGradients(config, state, image, names);
    for (const name of names) {
      expect(gradients.get(name)!.every(Number.isFinite), name).toBe(true);
      expect(
        gradients.get(name)!.some((value) => Math.abs(value) > 1e-6),
        name,
      ).toBe(true);
    }

    let slope = 0;
    names.forEach((name, t) => gradients.get(name)!.forEach((value, i) => (slope += value * hashNoise(i, t + 1000))));
    // Small, or units change sides of their ReLU; the plain network is float64.
    const step = 1e-7;
    const planes = toPlanes(image);
    const ahead = plainLoss(config, move(state, names, step), planes);
    const behind = plainLoss(config, move(state, names, -step), planes);
    expect(Math.abs((ahead - behind) / (2 * step) - slope)).toBeLessThan(1e-3 * Math.abs(slope));
  });
});

/** Gradients of Σ w·output over all branches, in PyTorch's element order. */
function computeGradients(config: HoverNetConfig, state: StateDict, image: tf.Tensor4D, names: string[]) {
  const tensors = createTensors(config, state);
  const results = tf.grads((...values: tf.Tensor[]) => {
    const current = new Map(names.map((name, index) => [name, values[index]!]));
    const { np, hv, nc } = hoverNetForward(config, (name) => current.get(name)!, image, { training: true });
    const losses = [np, hv, nc!].map((output) => {
      const channelFirst = tf.transpose(output, [0, 3, 1, 2]);
      return tf.sum(tf.mul(channelFirst, tf.tensor(lossWeights(channelFirst.size), channelFirst.shape)));
    });
    return tf.addN(losses) as tf.Scalar;
  })(names.map((name) => tensors.get(name)!));
  return new Map(
    results.map((gradient, index) => {
      const host = gradient.rank === 4 ? tf.transpose(gradient, [3, 2, 0, 1]) : gradient;
      return [names[index]!, Float64Array.from(host.dataSync())];
    }),
  );
}

function plainLoss(config: HoverNetConfig, state: StateDict, image: Planes): number {
  const { stages } = runPlainNetwork(config, state, image, { training: true });
  let loss = 0;
  for (const branch of ['nucleus_prediction', 'horizontal_vertical', 'type_prediction']) {
    const { data } = stages.get(`${branch}.decoderblock4`)!;
    const weights = lossWeights(data.length);
    data.forEach((value, index) => (loss += value * weights[index]!));
  }
  return loss;
}

function lossWeights(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => hashNoise(index, 500));
}

/** `state` moved along a fixed direction; float64, so that small steps count. */
function move(state: StateDict, names: string[], step: number): StateDict {
  const moved = new Map(state);
  names.forEach((name, t) => {
    const { shape, data } = state.get(name)!;
    const values = Float64Array.from(data as Float32Array, (value, i) => value + step * hashNoise(i, t + 1000));
    moved.set(name, { dtype: 'float32', shape, data: values } as unknown as WeightArray);
  });
  return moved;
}
