import { ShapeError } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { upsampleBilinear2x, upsampleNearest2x } from '../src/index.js';
import { gradientBound, gradientError, noiseTensor } from './gradient-check.js';

const x = noiseTensor<tf.Rank.R4>([2, 3, 4, 2], 1);

describe('upsampleBilinear2x', () => {
  it('spreads the corners to the corners', () => {
    const y = upsampleBilinear2x(tf.tensor4d([0, 1, 2, 3], [1, 2, 2, 1]));
    const thirds = [0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7, 8, 9];
    expect(y.shape).toEqual([1, 4, 4, 1]);
    expect(
      maxDifference(
        y.dataSync(),
        thirds.map((value) => value / 3),
      ).value,
    ).toBeLessThan(1e-6);
  });

  it('equals the bilinear resize of TensorFlow.js with aligned corners', () => {
    const expected = tf.image.resizeBilinear(x, [6, 8], true);
    expect(maxDifference(upsampleBilinear2x(x).dataSync(), expected.dataSync()).value).toBeLessThan(1e-6);
  });

  it('repeats a single pixel', () => {
    expect([...upsampleBilinear2x(tf.tensor4d([7], [1, 1, 1, 1])).dataSync()]).toEqual([7, 7, 7, 7]);
  });

  it('has the gradient of central differences', () => {
    expect(gradientError((image) => upsampleBilinear2x(image as tf.Tensor4D), [x], { linear: true })).toBeLessThan(
      gradientBound,
    );
  });

  it('leaves no tensors behind but its result', () => {
    const before = tf.memory().numTensors;
    upsampleBilinear2x(x).dispose();
    tf.grad((image) => upsampleBilinear2x(image as tf.Tensor4D))(x).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a tensor of another rank', () => {
    expect(() => upsampleBilinear2x(tf.zeros([4, 4, 1]) as unknown as tf.Tensor4D)).toThrow(ShapeError);
  });
});

describe('upsampleNearest2x', () => {
  it('repeats rows and columns', () => {
    const y = upsampleNearest2x(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]));
    expect([...y.dataSync()]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  });

  it('has the gradient of central differences in a batch of two', () => {
    expect(gradientError((image) => upsampleNearest2x(image as tf.Tensor4D), [x], { linear: true })).toBeLessThan(
      gradientBound,
    );
  });

  it('refuses a tensor of another rank', () => {
    expect(() => upsampleNearest2x(tf.zeros([4, 4, 1]) as unknown as tf.Tensor4D)).toThrow(ShapeError);
  });
});
