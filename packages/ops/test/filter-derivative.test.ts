import { ArgumentError, ShapeError } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { filterDerivative } from '../src/index.js';
import { gradientBound, gradientError, noiseTensor } from './gradient-check.js';

/** The taps of an axis: what the filter makes of a unit pulse far from the edges, in reverse order. */
function tapsAlong(axis: 'x' | 'y', derivativeAxis: 'x' | 'y', kernelSize: number): number[] {
  const side = 2 * kernelSize + 1;
  const constant = tf.ones<tf.Rank.R4>([1, side, side, 1]);
  const position = Array.from({ length: side }, (_, i) => Number(i === kernelSize));
  const line = tf.tensor4d(position, axis === 'x' ? [1, 1, side, 1] : [1, side, 1, 1]);
  const y = filterDerivative(tf.mul(constant, line), { axis: derivativeAxis, kernelSize });
  const middle = tf.slice(y, axis === 'x' ? [0, kernelSize, 0, 0] : [0, 0, kernelSize, 0], [
    1,
    axis === 'x' ? 1 : side,
    axis === 'x' ? side : 1,
    1,
  ]);
  const start = kernelSize - (kernelSize - 1) / 2;
  return [...middle.dataSync()].slice(start, start + kernelSize).reverse();
}

describe('filterDerivative', () => {
  it.each(['x', 'y'] as const)('has the taps [−1, −2, 0, 2, 1]/8 along %s', (axis) => {
    expect(tapsAlong(axis, axis, 5)).toEqual([-1 / 8, -1 / 4, 0, 1 / 4, 1 / 8]);
  });

  it('has the 21 taps that MONAI has', () => {
    const head = [1.9073e-6, 3.4332e-5, 2.8992e-4, 1.5221e-3, 5.5447e-3, 0.01478577, 0.02957153, 0.0443573, 0.04805374];
    const half = [...head, 0.03203583];
    const expected = [...half.map((tap) => -tap), 0, ...half.reverse()];
    const ratios = tapsAlong('x', 'x', 21).map((tap, i) => (i === 10 ? 1 + tap : tap / expected[i]!));
    // The reference values are printed with five to seven digits.
    expect(maxDifference(ratios, new Array<number>(21).fill(1)).value).toBeLessThan(3e-5);
  });

  it('responds with 1 to a ramp of 1 a pixel', () => {
    const ramp = tf.tile(tf.reshape(tf.range(0, 9), [1, 1, 9, 1]), [1, 9, 1, 1]) as tf.Tensor4D;
    const inner = tf.slice(filterDerivative(ramp, { axis: 'x' }), [0, 0, 2, 0], [1, 9, 5, 1]);
    // Taps times positions: 2·(1·1/4 + 2·1/8).
    expect([...inner.dataSync()].every((value) => value === 1)).toBe(true);
    expect(tf.max(tf.abs(filterDerivative(ramp, { axis: 'y' }))).dataSync()[0]).toBeLessThan(1e-6);
  });

  it.each([
    ['x', 5],
    ['y', 5],
    ['x', 3],
    ['y', 7],
  ] as const)('equals the correlation over mirrored pixels (axis %s, size %i)', (axis, kernelSize) => {
    const image = noiseTensor<tf.Rank.R4>([2, 6, 5, 3], 1);
    const y = filterDerivative(image, { axis, kernelSize });
    expect(maxDifference(y.dataSync(), correlateNaively(image, axis, kernelSize)).value).toBeLessThan(1e-6);
  });

  it('filters images smaller than the kernel, down to one pixel more than half of it', () => {
    const image = noiseTensor<tf.Rank.R4>([1, 3, 3, 1], 1);
    expect(
      maxDifference(filterDerivative(image, { axis: 'x' }).dataSync(), correlateNaively(image, 'x', 5)).value,
    ).toBeLessThan(1e-6);
    expect(() => filterDerivative(tf.zeros([1, 2, 9, 1]), { axis: 'x' })).toThrow(ShapeError);
    expect(() => filterDerivative(tf.zeros([1, 9, 2, 1]), { axis: 'x' })).toThrow(/sides longer than 2 pixels/);
  });

  it.each(['x', 'y'] as const)('has the gradient of central differences (axis %s)', (axis) => {
    const image = noiseTensor<tf.Rank.R4>([2, 6, 5, 2], 1);
    expect(
      gradientError((input) => filterDerivative(input as tf.Tensor4D, { axis }), [image], { linear: true }),
    ).toBeLessThan(gradientBound);
  });

  it('refuses even, small and fractional kernel sizes', () => {
    for (const kernelSize of [4, 1, 5.5, NaN]) {
      expect(() => filterDerivative(tf.zeros([1, 9, 9, 1]), { axis: 'x', kernelSize })).toThrow(ArgumentError);
    }
  });
});

const binomials: Record<number, number[]> = { 1: [1], 3: [1, 2, 1], 5: [1, 4, 6, 4, 1], 7: [1, 6, 15, 20, 15, 6, 1] };

/** The definition: smoothing is a binomial; the derivative is [−1, 0, 1]/2 convolved with the binomial two shorter. */
function correlateNaively(image: tf.Tensor4D, axis: 'x' | 'y', kernelSize: number): number[] {
  const smoothing = binomials[kernelSize]!.map((value) => value / 2 ** (kernelSize - 1));
  const shorter = binomials[kernelSize - 2]!.map((value) => value / 2 ** (kernelSize - 3));
  const derivative = smoothing.map((_, i) => ((shorter[i - 2] ?? 0) - (shorter[i] ?? 0)) / 2);
  const [batch, height, width, channels] = image.shape;
  const values = image.arraySync();
  const radius = (kernelSize - 1) / 2;
  const mirror = (i: number, length: number) => (i < 0 ? -i : i < length ? i : 2 * length - 2 - i);
  const result: number[] = [];
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++)
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let u = 0; u < kernelSize; u++)
            for (let v = 0; v < kernelSize; v++) {
              const weight = axis === 'x' ? smoothing[u]! * derivative[v]! : derivative[u]! * smoothing[v]!;
              sum += weight * values[n]![mirror(i + u - radius, height)]![mirror(j + v - radius, width)]![c]!;
            }
          result.push(sum);
        }
  return result;
}
