import { ShapeError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { cropCenter2d } from '../src/index.js';
import { gradientBound, gradientError, noiseTensor } from './gradient-check.js';

describe('cropCenter2d', () => {
  const x = tf.reshape(tf.range(0, 24), [1, 4, 6, 1]) as tf.Tensor4D;

  it('cuts as much on opposite sides', () => {
    const y = cropCenter2d(x, 2, 4);
    expect(y.shape).toEqual([1, 2, 4, 1]);
    expect([...y.dataSync()]).toEqual([7, 8, 9, 10, 13, 14, 15, 16]);
  });

  it('returns the tensor itself where nothing is to be cut', () => {
    expect(cropCenter2d(x, 4, 6)).toBe(x);
  });

  it('has the gradient of central differences', () => {
    const image = noiseTensor<tf.Rank.R4>([2, 6, 5, 2], 1);
    expect(gradientError((input) => cropCenter2d(input as tf.Tensor4D, 2, 3), [image], { linear: true })).toBeLessThan(
      gradientBound,
    );
  });

  it.each([
    [3, 6],
    [4, 3],
    [6, 6],
    [4, 8],
    [0, 6],
  ])('refuses to cut 4 × 6 to %i × %i', (height, width) => {
    expect(() => cropCenter2d(x, height, width)).toThrow(ShapeError);
  });
});
