import { runRegistered, runStockKernel } from './stock-kernels.js';
import { maxDifference } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import '../../src/index.js';
import { noiseTensor } from '../gradient-check.js';

const windowOf2 = { filterSize: [2, 2], strides: [2, 2], pad: 'valid' };

beforeEach(async () => void (await tf.setBackend('wasm')));

describe('MaxPoolGrad of the wasm backend', () => {
  it('gives the gradient of negative values to the wrong pixel in TensorFlow.js; drop the repair when it does not', () => {
    const input = tf.tensor4d([-4, -3, -2, -1], [1, 2, 2, 1]);
    const inputs = { dy: tf.tensor4d([5], [1, 1, 1, 1]), input, output: tf.maxPool(input, 2, 2, 'valid') };
    expect([...runStockKernel(tf.MaxPoolGrad, inputs, windowOf2).dataSync()]).not.toEqual([0, 0, 0, 5]);
    const repaired = tf.engine().runKernel<tf.Tensor>(tf.MaxPoolGrad, inputs, windowOf2);
    expect([...repaired.dataSync()]).toEqual([0, 0, 0, 5]);
  });

  it.each([
    ['valid', 2, 2],
    ['same', 3, 2],
    ['valid', 3, 1],
    [1, 3, 2],
  ] as const)('equals the kernel of the cpu backend (padding %s, window %i, stride %i)', async (pad, size, stride) => {
    const input = tf.sub<tf.Tensor4D>(noiseTensor<tf.Rank.R4>([2, 7, 6, 3], 1), 2);
    const output = tf.maxPool(input, size, stride, pad);
    const attrs = { filterSize: [size, size], strides: [stride, stride], pad };
    const inputs = { dy: noiseTensor<tf.Rank.R4>(output.shape, 2), input, output };
    const before = tf.memory();
    const actual = await runRegistered('wasm', tf.MaxPoolGrad, inputs, attrs);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
    const expected = await runRegistered('cpu', tf.MaxPoolGrad, inputs, attrs);
    expect(actual.shape).toEqual(input.shape);
    expect(maxDifference(actual.data, expected.data).value).toBeLessThan(1e-6);
    const total = inputs.dy.dataSync<'float32'>().reduce((sum, value) => sum + value, 0);
    expect(actual.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 4);
  });

  it('goes to the first of equal values, as on the cpu backend', async () => {
    const input = tf.fill<tf.Rank.R4>([1, 2, 2, 1], -1);
    const inputs = { dy: tf.tensor4d([5], [1, 1, 1, 1]), input, output: tf.maxPool(input, 2, 2, 'valid') };
    for (const backend of ['wasm', 'cpu'] as const) {
      expect([...(await runRegistered(backend, tf.MaxPoolGrad, inputs, windowOf2)).data]).toEqual([5, 0, 0, 0]);
    }
  });

  it('is the gradient that tf.grad gives', () => {
    const input = tf.tensor4d([-4, -3, -2, -1], [1, 2, 2, 1]);
    const gradient = tf.grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'))(input);
    expect([...gradient.dataSync()]).toEqual([0, 0, 0, 1]);
  });
});
