import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { largestDifference, type TensorFunction } from '../support.js';

it('takes the gradient of ReLU of a tensor and of its transpose apart', async () => {
  const fn = (x: tf.Tensor): tf.Scalar => {
    const weights = tf.reshape(tf.range(1, 17), [4, 4]);
    const ofTranspose = tf.mul(tf.relu(tf.transpose(x)), weights);
    return tf.sum(tf.add(tf.mul(tf.relu(x), tf.square(weights)), ofTranspose)) as tf.Scalar;
  };
  const gradient: TensorFunction = (x) => ({ dx: tf.grad(fn)(x!) });
  expect(await largestDifference(gradient, [{ shape: [4, 4] }])).toBeLessThan(2e-6);
});
