import '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { NCHW } from '../../src/layout.js';
import { largestDifference, type TensorFunction } from '../support.js';

/** `x` with zeros around its pixels; all of `x` is negative, so that zeros matter. */
function surround(x: tf.Tensor, amount: number): tf.Tensor4D {
  return tf.pad(tf.sub(x, 2), [[0, 0], [amount, amount], [amount, amount], [0, 0]]) as tf.Tensor4D; // prettier-ignore
}

const functions: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  'maximum, padded before': (x) => tf.maxPool(surround(x, 1), 3, 1, 'valid'),
  'maximum, padded before and by itself': (x) => tf.maxPool(surround(x, 1), 3, 1, 'same'),
  'maximum, padded by more than a window': (x) => tf.maxPool(surround(x, 2), 2, 1, 'valid'),
  'mean, padded before and by itself': (x) => tf.avgPool(surround(x, 1), 3, 1, 'same'),
  'mean, padded by more than a window': (x) => tf.avgPool(surround(x, 2), 2, 1, 'valid'),
  'gradient of a crop of an enlarged image': (x) =>
    tf.grad((y: tf.Tensor) => {
      const large = tf.image.resizeNearestNeighbor(y as tf.Tensor4D, [10, 12]);
      return tf.sum(tf.square(tf.slice(large, [0, 2, 3, 0], [1, 5, 6, 2])));
    })(x),
};

// ONNX Runtime joins Pad and pooling to something else.
it.each(Object.entries(functions))('pools an image with a border of zeros: %s', async (_, fn) => {
  const pooled: TensorFunction = (x) => ({ y: fn(x!) });
  expect(await largestDifference(pooled, [{ shape: [1, 5, 6, 2], layout: NCHW }])).toBeLessThan(1e-6);
});
