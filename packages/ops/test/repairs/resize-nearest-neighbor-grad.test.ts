import { runStockKernel } from './stock-kernels.js';
import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import '../../src/index.js';
import { gradientBound, gradientError, noiseTensor } from '../gradient-check.js';

beforeEach(async () => void (await tf.setBackend('cpu')));

describe('ResizeNearestNeighborGrad of the cpu backend', () => {
  it('is wrong for a batch in TensorFlow.js; drop the repair when it is not', () => {
    const inputs = { images: tf.zeros([2, 1, 1, 1]), dy: tf.tensor4d([1, 2, 3, 4, 10, 20, 30, 40], [2, 2, 2, 1]) };
    const attrs = { size: [2, 2], alignCorners: false, halfPixelCenters: false };
    expect([...runStockKernel(tf.ResizeNearestNeighborGrad, inputs, attrs).dataSync()]).not.toEqual([10, 100]);
  });

  it('adds up the pixels of every image of a batch', () => {
    const dy = tf.tensor4d([1, 2, 3, 4, 10, 20, 30, 40], [2, 2, 2, 1]);
    const gradient = tf.grad((x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [2, 2]))(
      tf.zeros([2, 1, 1, 1]),
      dy,
    );
    expect([...gradient.dataSync()]).toEqual([10, 100]);
  });

  it.each([
    ['enlarging', 7, 5, false, false],
    ['enlarging with aligned corners', 7, 5, true, false],
    ['enlarging with half-pixel centres', 7, 5, false, true],
    ['shrinking', 2, 3, false, false],
    ['shrinking with half-pixel centres', 2, 3, false, true],
    ['to one pixel with aligned corners', 1, 1, true, false],
  ] as const)('is the gradient of %s', (_, height, width, alignCorners, halfPixelCenters) => {
    const resize = (x: tf.Tensor) =>
      tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [height, width], alignCorners, halfPixelCenters);
    expect(gradientError(resize, [noiseTensor<tf.Rank.R4>([3, 3, 4, 2], 1)], { linear: true })).toBeLessThan(
      gradientBound,
    );
  });
});
