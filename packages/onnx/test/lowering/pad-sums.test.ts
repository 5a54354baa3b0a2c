import { traceFunction } from '../../src/index.js';
import type { TensorSpec } from '@hovernet/ops';
import { NCHW } from '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { largestDifference, type TensorFunction } from '../support.js';

const crop = (x: tf.Tensor, from: number) => tf.slice(x, [0, from, from, 0], [1, 4, 4, 3]);

/** A user of the whole image, then three of one crop and one of another: gradients of all meet in x, in reverse. */
const gradient: TensorFunction = (x) => ({
  dx: tf.grad((image) => {
    const whole = tf.sum(tf.square(image));
    const users = [tf.cos(crop(image, 1)), tf.square(crop(image, 2)), tf.sin(crop(image, 2)), tf.exp(crop(image, 2))];
    return tf.add(whole, tf.sum(tf.addN(users))) as tf.Scalar;
  })(x!),
});
const image: TensorSpec = { name: 'x', shape: [1, 8, 8, 3], dtype: 'float32', layout: NCHW };

it('adds the gradients of equal crops before it pads them', async () => {
  const { graph } = traceFunction(({ x }) => gradient(x!), [image]);
  expect(graph.nodes.filter(({ op }) => op === 'Pad')).toHaveLength(2);
  expect(await largestDifference(gradient, [{ shape: image.shape, layout: NCHW }])).toBeLessThan(2e-6);
});
