import {
  batchNormTraining,
  filterDerivative,
  groupedConv2d,
  upsampleBilinear2x,
  upsampleNearest2x,
} from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { NCHW, OIHW } from '../../src/layout.js';
import { largestDifference, pseudoRandom, runBoth, type InputSpec, type TensorFunction } from '../support.js';

type Layer = (...inputs: tf.Tensor[]) => tf.Tensor;

/** Output and gradients of Σ layer(inputs)·w for a fixed, uneven w. */
const withGradients =
  (layer: Layer): TensorFunction =>
  (...inputs) => {
    const weighted = (...xs: tf.Tensor[]) => {
      const y = layer(...xs);
      const weights = tf.reshape(tf.sin(tf.mul(tf.range(0, y.size), 0.7)), y.shape);
      return tf.sum(tf.mul(y, weights)) as tf.Scalar;
    };
    const gradients = tf
      .grads(weighted)(inputs)
      .map((gradient, index) => [`d${index}`, gradient]);
    return { y: layer(...inputs), ...Object.fromEntries(gradients) };
  };

const grouped = (strides: number, pad: 'same' | 'valid'): Layer => {
  return (x, filter) => groupedConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, { groups: 2, strides, pad });
};
const image = (batch: number, channels: number): InputSpec => ({ shape: [batch, 6, 8, channels], layout: NCHW });
const filter: InputSpec = { shape: [3, 3, 2, 6], layout: OIHW };
const vector: InputSpec = { shape: [4], range: [0.5, 1.5] };

const cases: { name: string; layer: Layer; inputs: InputSpec[] }[] = [
  { name: 'grouped convolution of one image', layer: grouped(1, 'valid'), inputs: [image(1, 4), filter] },
  { name: 'grouped convolution of a batch', layer: grouped(1, 'same'), inputs: [image(3, 4), filter] },
  { name: 'strided grouped convolution', layer: grouped(2, 'same'), inputs: [image(2, 4), filter] },
  {
    name: 'batch normalisation with batch statistics',
    layer: (x, gamma, beta) => batchNormTraining(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D).y,
    inputs: [image(2, 4), vector, vector],
  },
  { name: 'bilinear upsampling', layer: (x) => upsampleBilinear2x(x as tf.Tensor4D), inputs: [image(2, 4)] },
  { name: 'nearest upsampling', layer: (x) => upsampleNearest2x(x as tf.Tensor4D), inputs: [image(2, 4)] },
  {
    name: 'derivative filter',
    layer: (x) => filterDerivative(x as tf.Tensor4D, { axis: 'x', kernelSize: 5 }),
    inputs: [image(2, 1)],
  },
];

describe('recorded operations of @hovernet/ops equal tfjs-cpu, gradients included', () => {
  it.each(cases)('$name', async ({ layer, inputs }) => {
    expect(await largestDifference(withGradients(layer), inputs)).toBeLessThan(1e-5);
  });

  it('batch statistics', async () => {
    const fn: TensorFunction = (x, gamma, beta) => {
      const { mean, variance } = batchNormTraining(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D);
      return { mean, variance };
    };
    expect(await largestDifference(fn, [image(2, 4), vector, vector])).toBeLessThan(2e-6);
  });

  it('batch statistics of a large plane keep seven digits', async () => {
    const statistics: TensorFunction = (x, gamma, beta) => {
      const { mean, variance } = batchNormTraining(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D);
      return { mean, variance };
    };
    const plane: InputSpec = { shape: [1, 256, 256, 1], layout: NCHW, range: [0, 3] };
    const [mean, variance] = await runBoth(statistics, [plane, { shape: [1] }, { shape: [1] }]);
    const values = pseudoRandom(plane.shape, plane.range!);
    const exactMean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const exactVariance = values.reduce((sum, value) => sum + (value - exactMean) ** 2, 0) / values.length;
    expect(Math.abs(mean!.recorded[0]! / exactMean - 1)).toBeLessThan(5e-7);
    expect(Math.abs(variance!.recorded[0]! / exactVariance - 1)).toBeLessThan(5e-7);
  });
});
