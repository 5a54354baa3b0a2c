// Weights and images that the golden results were computed with, for any configuration.
import { createNoiseWeights, hashNoise } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { resolveConfig } from '../../src/index.js';
import { listTensors, tensorSpecs } from '../../src/internal.js';
import type { HoverNetConfig, StateDict } from '../../src/index.js';

/** A network of the standard form that runs in milliseconds: 40 → 8 px (fast), 78 → 8 px (original). */
export const smallConfig: HoverNetConfig = resolveConfig({
  outClasses: 3,
  stemChannels: 5,
  stageChannels: [2, 3, 4, 3],
  units: [2, 2, 1, 2],
  denseUnits: [2, 1],
  growth: 4,
  denseBottleneck: 6,
  groups: 2,
  headChannels: 4,
});

/** The reference's noise weights for any configuration. */
export function createNoiseState(config: HoverNetConfig): StateDict {
  return createNoiseWeights(listTensors(config));
}

/** `0.5 + 0.5·sin(0.05x + 0.07y + c + phase)`, `[1, height, width, 3]`. */
export function createWaveImage(height: number, width: number, phase = 0): tf.Tensor4D {
  const image = tf.buffer<tf.Rank.R4>([1, height, width, 3]);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) image.set(0.5 + 0.5 * Math.sin(0.05 * x + 0.07 * y + c + phase), 0, y, x, c);
    }
  }
  return image.toTensor();
}

/** Independent pixels, 0…1: contrast in every channel, so that the batch's variances are far from zero. */
export function createNoiseImage(height: number, width: number): tf.Tensor4D {
  const values = Float32Array.from({ length: height * width * 3 }, (_, i) => 0.5 + 0.5 * hashNoise(i, 900));
  return tf.tensor4d(values, [1, height, width, 3]);
}

/** The float tensors of `state` as the forward takes them. */
export function createTensors(config: HoverNetConfig, state: StateDict): Map<string, tf.Tensor> {
  return new Map(
    tensorSpecs(config).map(({ name }) => {
      const { shape, data } = state.get(name)!;
      const tensor = tf.tensor(data as Float32Array, [...shape]);
      return [name, shape.length === 4 ? tf.transpose(tensor, [2, 3, 1, 0]) : tensor];
    }),
  );
}
