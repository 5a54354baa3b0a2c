// Every operation and all its gradients give the same on all backends; the cpu backend is the reference, being held to
// finite differences by the tests of the operations.
import { createRandom } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  batchNormTraining,
  cropCenter2d,
  filterDerivative,
  groupedConv2d,
  upsampleBilinear2x,
  upsampleNearest2x,
  type GroupedConv2DOptions,
} from '../../src/index.js';
import { noiseTensor } from '../gradient-check.js';
import { findBackends } from './find-backends.js';

type Layer = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

const image = (x: tf.Tensor | undefined) => x as tf.Tensor4D;
const vector = (x: tf.Tensor | undefined) => x as tf.Tensor1D;
const grouped = (options: GroupedConv2DOptions): Layer => {
  return (x, filter) => groupedConv2d(image(x), image(filter), options);
};
const norm: Layer = (x, gamma, beta) => batchNormTraining(image(x), vector(gamma), vector(beta)).y;

const cases: [name: string, layer: Layer, shapes: number[][]][] = [
  ['grouped convolution', grouped({ groups: 4 }), [[2, 9, 8, 8], [3, 3, 2, 12]]], // prettier-ignore
  ['strided grouped convolution', grouped({ groups: 2, strides: 2, pad: 'same' }), [[2, 9, 8, 8], [5, 5, 4, 6]]], // prettier-ignore
  ['convolution in one group', grouped({ groups: 1, pad: 'same' }), [[1, 9, 8, 8], [3, 3, 8, 6]]], // prettier-ignore
  ['batch normalisation', norm, [[3, 9, 8, 5], [5], [5]]],
  ['batch normalisation of large planes', norm, [[2, 160, 160, 1], [1], [1]]],
  ['bilinear upsampling', (x) => upsampleBilinear2x(image(x)), [[2, 9, 8, 3]]],
  ['nearest upsampling', (x) => upsampleNearest2x(image(x)), [[2, 9, 8, 3]]],
  ['centre crop', (x) => cropCenter2d(image(x), 5, 4), [[2, 9, 8, 3]]],
  ['derivative along x', (x) => filterDerivative(image(x), { axis: 'x' }), [[2, 9, 8, 3]]],
  ['derivative along y', (x) => filterDerivative(image(x), { axis: 'y', kernelSize: 7 }), [[2, 9, 8, 3]]],
  ['max pooling', (x) => tf.maxPool(tf.sub(image(x), 2), 3, 2, 'same'), [[2, 9, 8, 3]]],
];

for (const { backend, absence } of await findBackends('wasm', 'webgpu', 'tensorflow')) {
  describe.skipIf(absence)(`on the backend ${backend}${absence}`, () => {
    it.each(cases)('%s equals that of cpu, gradients included', async (_, layer, shapes) => {
      const expected = await evaluate('cpu', layer, shapes);
      const actual = await evaluate(backend, layer, shapes);
      expected.forEach((values, i) => {
        const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
        const error = values.reduce((worst, value, at) => Math.max(worst, Math.abs(value - actual[i]![at]!)), 0);
        expect(actual[i]!.length).toBe(values.length);
        expect(largest).toBeGreaterThan(0);
        expect(error / largest, i === 0 ? 'output' : `gradient ${i - 1}`).toBeLessThan(1e-5);
      });
    });

    it('keeps the digits of the batch statistics of large planes', async () => {
      const random = createRandom(1);
      const values = Float32Array.from({ length: 2 * 256 * 256 }, () => random.uniform(0, 3));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      await tf.setBackend(backend);
      const statistics = batchNormTraining(tf.tensor4d(values, [2, 256, 256, 1]), tf.ones([1]), tf.zeros([1]));
      // One running sum in float32 is off by 2.5e-5.
      expect(Math.abs((await statistics.mean.data())[0]! / mean - 1)).toBeLessThan(2e-6);
      expect(Math.abs((await statistics.variance.data())[0]! / variance - 1)).toBeLessThan(2e-6);
    });
  });
}

/** Output, then the gradient of each input under an uneven weight of every output element. */
async function evaluate(backend: string, layer: Layer, shapes: number[][]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const tensors = tf.tidy(() => {
    const inputs = shapes.map((shape, seed) => noiseTensor(shape as [number], seed + 1) as tf.Tensor);
    const output = layer(...inputs) as tf.Tensor;
    const weights = noiseTensor(output.shape as [number], 99);
    return [output, ...tf.grads((...xs: tf.Tensor[]) => layer(...xs) as tf.Tensor)(inputs, weights)];
  });
  const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  tf.dispose(tensors);
  return values;
}
