import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { NCHW, OIHW } from '../../src/layout.js';
import { largestDifference, type InputSpec, type TensorFunction } from '../support.js';

interface Case {
  readonly name: string;
  readonly fn: TensorFunction;
  readonly inputs: readonly InputSpec[];
}

const image: InputSpec = { shape: [2, 6, 5, 4], layout: NCHW };
const positive: InputSpec = { ...image, range: [0.1, 2] };
const vector: InputSpec = { shape: [4] };
const one = (fn: (x: tf.Tensor) => tf.Tensor): TensorFunction => ((x: tf.Tensor) => ({ y: fn(x) })) as TensorFunction;
const two = (fn: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor): TensorFunction =>
  ((x: tf.Tensor, y: tf.Tensor) => ({ y: fn(x, y) })) as TensorFunction;
/** The gradients of Σ fn(inputs)·w for a fixed, uneven w. */
const gradients =
  (fn: (...inputs: tf.Tensor[]) => tf.Tensor): TensorFunction =>
  (...inputs) => {
    const weighted = (...xs: tf.Tensor[]) => {
      const y = fn(...xs);
      const weights = tf.reshape(tf.sin(tf.mul(tf.range(0, y.size), 0.7)), y.shape);
      return tf.sum(tf.mul(y, weights)) as tf.Scalar;
    };
    return Object.fromEntries(
      tf
        .grads(weighted)(inputs)
        .map((gradient, index) => [`d${index}`, gradient]),
    );
  };
const conv = (strides: number, pad: 'same' | 'valid' | number[][]) => (x: tf.Tensor, w: tf.Tensor) =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad as 'same');
const filter = (kernel: number, inputs: number, outputs: number): InputSpec => {
  return { shape: [kernel, kernel, inputs, outputs], layout: OIHW };
};
const explicit = [
  [0, 0],
  [2, 0],
  [2, 1],
  [0, 0],
];

const cases: Case[] = [
  { name: 'add of a channel vector', fn: two((x, y) => tf.add(x, y)), inputs: [image, vector] },
  { name: 'product of two images', fn: two((x, y) => tf.mul(x, y)), inputs: [image, image] },
  { name: 'division', fn: two((x, y) => tf.div(x, y)), inputs: [image, positive] },
  { name: 'maximum and minimum', fn: two((x, y) => tf.maximum(x, tf.minimum(y, 0.1))), inputs: [image, image] },
  {
    name: 'comparison and selection',
    fn: two((x, y) => tf.where(tf.greater(x, y), x, tf.neg(y))),
    inputs: [image, image],
  },
  { name: 'square root and logarithm', fn: one((x) => tf.sqrt(tf.abs(tf.log(x)))), inputs: [positive] },
  { name: 'sigmoid, tanh, exponential', fn: one((x) => tf.sigmoid(tf.tanh(tf.exp(x)))), inputs: [image] },
  { name: 'reciprocal square root', fn: one((x) => tf.rsqrt(x)), inputs: [positive] },
  { name: 'clipping', fn: one((x) => tf.clipByValue(x, -0.3, 0.4)), inputs: [image] },
  { name: 'sum over pixels', fn: one((x) => tf.sum(x, [0, 1, 2])), inputs: [image] },
  { name: 'mean over channels, kept', fn: one((x) => tf.mean(x, -1, true)), inputs: [image] },
  { name: 'maximum over rows', fn: one((x) => tf.max(x, 1)), inputs: [image] },
  { name: 'softmax', fn: one((x) => tf.softmax(x)), inputs: [image] },
  { name: 'log softmax', fn: one((x) => tf.logSoftmax(x)), inputs: [image] },
  { name: 'arg max over channels', fn: one((x) => tf.argMax(x, -1)), inputs: [image] },
  { name: 'reshape of an image to rows', fn: one((x) => tf.reshape(x, [10, 24])), inputs: [image] },
  {
    name: 'removal and return of unit axes',
    fn: one((x) => tf.expandDims(tf.squeeze(tf.sum(x, 3, true)), 1)),
    inputs: [image],
  },
  { name: 'transpose', fn: one((x) => tf.add(tf.transpose(x, [0, 3, 1, 2]), 1)), inputs: [image] },
  { name: 'slice', fn: one((x) => tf.slice(x, [0, 1, 2, 1], [2, 3, 2, 2])), inputs: [image] },
  { name: 'split and concatenation', fn: one((x) => tf.concat(tf.split(x, 2, 3).reverse(), 3)), inputs: [image] },
  { name: 'stack and unstack', fn: one((x) => tf.stack(tf.unstack(x, 3).reverse(), 1)), inputs: [image] },
  {
    name: 'constant padding',
    fn: one((x) =>
      tf.pad(
        x,
        [
          [0, 0],
          [1, 2],
          [0, 1],
          [0, 0],
        ],
        0.5,
      ),
    ),
    inputs: [image],
  },
  {
    name: 'reflect padding',
    fn: one((x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [1, 2],
          [2, 1],
          [0, 0],
        ],
        'reflect',
      ),
    ),
    inputs: [image],
  },
  { name: 'tile', fn: one((x) => tf.tile(x, [1, 2, 1, 3])), inputs: [image] },
  { name: 'reverse', fn: one((x) => tf.reverse(x, [1, 3])), inputs: [image] },
  { name: 'gather', fn: one((x) => tf.gather(x, tf.tensor1d([2, 0], 'int32'), 3)), inputs: [image] },
  { name: 'matrix product', fn: two((x, y) => tf.matMul(x, y)), inputs: [{ shape: [3, 4, 5] }, { shape: [3, 5, 2] }] },
  {
    name: 'matrix product of transposed factors',
    fn: two((x, y) => tf.matMul(x, y, true, true)),
    inputs: [{ shape: [5, 4] }, { shape: [2, 5] }],
  },
  { name: 'convolution, same', fn: two(conv(1, 'same')), inputs: [image, filter(3, 4, 6)] },
  { name: 'convolution, stride 2, explicit padding', fn: two(conv(2, explicit)), inputs: [image, filter(3, 4, 6)] },
  { name: 'pointwise convolution', fn: two(conv(1, 'valid')), inputs: [image, filter(1, 4, 6)] },
  { name: 'max pooling', fn: one((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')), inputs: [image] },
  {
    name: 'nearest resizing',
    fn: one((x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [12, 10])),
    inputs: [image],
  },
  {
    name: 'batch normalisation with given statistics',
    fn: (x, m, v, b, g) => ({
      y: tf.batchNorm(x!, m as tf.Tensor1D, v as tf.Tensor1D, b as tf.Tensor1D, g as tf.Tensor1D, 1e-5),
    }),
    inputs: [image, vector, { shape: [4], range: [0.5, 2] }, vector, vector],
  },
  { name: 'gradient of ReLU', fn: gradients((x) => tf.relu(x!)), inputs: [image] },
  { name: 'gradient of softmax', fn: gradients((x) => tf.softmax(x!)), inputs: [image] },
  { name: 'gradient of log softmax', fn: gradients((x) => tf.logSoftmax(x!)), inputs: [image] },
  {
    name: 'gradient of broadcast arithmetic',
    fn: gradients((x, y) => tf.div(tf.mul(x!, y!), tf.add(tf.square(y!), 1))),
    inputs: [image, vector],
  },
  { name: 'gradient of mean', fn: gradients((x) => tf.mean(tf.square(x!))), inputs: [image] },
  {
    name: 'gradient of slice and concatenation',
    fn: gradients((x) =>
      tf.concat([tf.slice(x!, [0, 1, 1, 0], [2, 4, 3, 4]), tf.slice(x!, [0, 0, 0, 0], [2, 4, 3, 4])], 3),
    ),
    inputs: [image],
  },
  {
    name: 'gradient of matrix products',
    fn: gradients((x, y) => tf.matMul(x!, y!)),
    inputs: [{ shape: [4, 5] }, { shape: [5, 3] }],
  },
  {
    name: 'gradient of convolution, same',
    fn: gradients((x, w) => conv(1, 'same')(x!, w!)),
    inputs: [image, filter(3, 4, 6)],
  },
  {
    name: 'gradient of convolution, valid, few channels, one image',
    fn: gradients((x, w) => conv(1, 'valid')(x!, w!)),
    inputs: [{ shape: [1, 9, 8, 3], layout: NCHW }, filter(5, 3, 4)],
  },
  {
    name: 'gradient of convolution with many channels, one image',
    fn: gradients((x, w) => conv(1, 'same')(x!, w!)),
    inputs: [{ shape: [1, 6, 6, 20], layout: NCHW }, filter(3, 20, 4)],
  },
  {
    name: 'gradient of strided convolution',
    fn: gradients((x, w) => conv(2, explicit)(x!, w!)),
    inputs: [image, filter(3, 4, 6)],
  },
  {
    name: 'gradient of pointwise convolution',
    fn: gradients((x, w) => conv(1, 'same')(x!, w!)),
    inputs: [image, filter(1, 4, 6)],
  },
];

describe('recorded kernels equal tfjs-cpu', () => {
  it.each(cases)('$name', async ({ fn, inputs }) => {
    expect(await largestDifference(fn, inputs)).toBeLessThan(2e-6);
  });
});
