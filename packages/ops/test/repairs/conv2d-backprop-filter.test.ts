import { hasStockKernel, runRegistered } from './stock-kernels.js';
import { UnsupportedError } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import '../../src/index.js';
import { noiseTensor } from '../gradient-check.js';

type Shape4D = [number, number, number, number];

beforeEach(async () => void (await tf.setBackend('wasm')));

describe('Conv2DBackpropFilter of the wasm backend', () => {
  it('is missing in TensorFlow.js; drop the repair when it is there', () => {
    expect(hasStockKernel(tf.Conv2DBackpropFilter, 'cpu')).toBe(true);
    expect(hasStockKernel(tf.Conv2DBackpropFilter, 'wasm')).toBe(false);
  });

  it.each([
    ['same', 1],
    ['same', 2],
    ['valid', 1],
    ['valid', 2],
    [1, 2],
    [[[0, 0], [2, 0], [1, 2], [0, 0]], 2], // prettier-ignore
  ] as const)('equals the kernel of the cpu backend (padding %j, stride %i)', async (padding, stride) => {
    const pad = padding as 'same' | 'valid';
    const x = noiseTensor<tf.Rank.R4>([2, 7, 6, 3], 1);
    const filterShape: Shape4D = [3, 2, 3, 4];
    const { outShape } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, stride, 1, pad);
    const attrs = { strides: [stride, stride], pad, dataFormat: 'NHWC', filterShape };
    const inputs = { x, dy: noiseTensor<tf.Rank.R4>(outShape, 2) };
    const before = tf.memory();
    const actual = await runRegistered('wasm', tf.Conv2DBackpropFilter, inputs, attrs);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
    const expected = await runRegistered('cpu', tf.Conv2DBackpropFilter, inputs, attrs);
    expect(actual.shape).toEqual(filterShape);
    expect(maxDifference(actual.data, expected.data).value).toBeLessThan(1e-5);
  });

  it('refuses channel-first tensors', () => {
    const x = noiseTensor<tf.Rank.R4>([1, 4, 4, 4], 1);
    const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NCHW', filterShape: [1, 1, 4, 4] };
    const { kernelFunc } = tf.getKernel(tf.Conv2DBackpropFilter, 'wasm');
    expect(() => kernelFunc({ inputs: { x, dy: x }, backend: tf.backend(), attrs })).toThrow(UnsupportedError);
  });
});
