// The kernels that replace those of the wasm backend, run on the cpu backend and compared with its own.
import { UnsupportedError } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import '../../src/index.js';
import { noiseTensor } from '../gradient-check.js';

type Shape4D = [number, number, number, number];

function runBoth(kernelName: string, inputs: Record<string, tf.Tensor>, attrs: object): [tf.Tensor, tf.Tensor] {
  const stock = tf.engine().runKernel<tf.Tensor>(kernelName, inputs, attrs as tf.NamedAttrMap);
  const repair = tf.getKernel(kernelName, 'wasm').kernelFunc({ inputs, backend: tf.backend(), attrs: attrs as never });
  return [stock, repair as tf.Tensor];
}

describe('Conv2DBackpropFilter for the wasm backend', () => {
  it.each([
    ['same', 1],
    ['same', 2],
    ['valid', 1],
    ['valid', 2],
    [1, 2],
    [[[0, 0], [2, 0], [1, 2], [0, 0]], 2], // prettier-ignore
  ] as const)('equals the cpu kernel (padding %j, stride %i)', (padding, stride) => {
    const pad = padding as 'same' | 'valid';
    const x = noiseTensor<tf.Rank.R4>([2, 7, 6, 3], 1);
    const filterShape: Shape4D = [3, 2, 3, 4];
    const { outShape } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, stride, 1, pad);
    const attrs = { strides: [stride, stride], pad, dataFormat: 'NHWC', filterShape };
    const before = tf.memory().numTensors;
    const inputs = { x, dy: noiseTensor<tf.Rank.R4>(outShape, 2) };
    const [stock, repair] = runBoth(tf.Conv2DBackpropFilter, inputs, attrs);
    expect(repair.shape).toEqual(filterShape);
    expect(maxDifference(repair.dataSync(), stock.dataSync()).value).toBeLessThan(1e-5);
    tf.dispose([stock, repair, inputs.dy]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses channel-first tensors', () => {
    const x = noiseTensor<tf.Rank.R4>([1, 4, 4, 4], 1);
    const attrs = { strides: [1, 1], pad: 'same', dataFormat: 'NCHW', filterShape: [1, 1, 4, 4] };
    const { kernelFunc } = tf.getKernel(tf.Conv2DBackpropFilter, 'wasm');
    expect(() => kernelFunc({ inputs: { x, dy: x }, backend: tf.backend(), attrs })).toThrow(UnsupportedError);
  });
});

describe('MaxPoolGrad for the wasm backend', () => {
  it.each([
    ['valid', 2, 2],
    ['same', 3, 2],
    ['valid', 3, 1],
    [1, 3, 2],
  ] as const)('equals the cpu kernel on negative values (padding %s, window %i, stride %i)', (pad, size, stride) => {
    const input = tf.sub<tf.Tensor4D>(noiseTensor<tf.Rank.R4>([2, 7, 6, 3], 1), 2);
    const output = tf.maxPool(input, size, stride, pad);
    const attrs = { filterSize: [size, size], strides: [stride, stride], pad };
    const inputs = { dy: noiseTensor<tf.Rank.R4>(output.shape, 2), input, output };
    const [stock, repair] = runBoth(tf.MaxPoolGrad, inputs, attrs);
    expect(repair.shape).toEqual(input.shape);
    expect(maxDifference(repair.dataSync(), stock.dataSync()).value).toBeLessThan(1e-6);
    expect(tf.sum(repair).dataSync()[0]).toBeCloseTo(tf.sum(inputs.dy).dataSync()[0]!, 4);
  });

  it('gives the gradient to the first of equal values', () => {
    const input = tf.fill<tf.Rank.R4>([1, 2, 2, 1], -1);
    const inputs = { dy: tf.tensor4d([5], [1, 1, 1, 1]), input, output: tf.maxPool(input, 2, 2, 'valid') };
    const [stock, repair] = runBoth(tf.MaxPoolGrad, inputs, { filterSize: [2, 2], strides: [2, 2], pad: 'valid' });
    expect([...repair.dataSync()]).toEqual([5, 0, 0, 0]);
    expect([...stock.dataSync()]).toEqual([5, 0, 0, 0]);
  });
});
