import { maxDifference } from '@hovernet/testing';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { createGaussianKernel, smoothGaussian } from '../src/gaussian.js';

describe('createGaussianKernel', () => {
  it('gives the nine published taps of σ = 1', () => {
    const published = [0.38292492, 0.24173033, 0.06059754, 0.00597703, 0.00022924];
    // Eight digits are published, computed in float32.
    expect(maxDifference(createGaussianKernel().half, published).value).toBeLessThan(1.5e-8);
  });

  it('integrates narrow and wide densities to 1 within their tails', () => {
    for (const sigmaPx of [0.05, 0.3, 1, 7.5]) {
      const { half } = createGaussianKernel({ sigmaPx, truncated: 9 });
      expect(half.reduce((sum, tap, k) => sum + (k === 0 ? tap : 2 * tap), 0)).toBeCloseTo(1, 12);
    }
  });

  it('samples the density and normalises it', () => {
    const { half } = createGaussianKernel({ sigmaPx: 0.4, approximation: 'sampled' });
    expect(half).toHaveLength(3);
    expect(half[1]! / half[0]!).toBeCloseTo(Math.exp(-1 / 0.32), 14);
    expect(half[0]! + 2 * half[1]! + 2 * half[2]!).toBeCloseTo(1, 14);
  });

  it.each([{ sigmaPx: 0 }, { sigmaPx: NaN }, { truncated: -1 }, { sigmaPx: Infinity }])('refuses %o', (options) => {
    expect(() => createGaussianKernel(options)).toThrow('createGaussianKernel: expected σ');
  });
});

describe('smoothGaussian', () => {
  const constant = ndarray(new Float32Array(25).fill(100), [5, 5]);

  it('loses to the zeros beyond the edge, or reflects it', () => {
    const zero = smoothGaussian(constant, { sigmaPx: 0.5 });
    expect(zero.get(2, 2)).toBeCloseTo(100, 3);
    // The middle tap and one side of a direction hold 0.8413 of its sum.
    expect(zero.get(0, 0)).toBeCloseTo(100 * 0.8413447 ** 2, 3);
    const reflected = smoothGaussian(constant, { sigmaPx: 0.5, border: 'reflect' });
    expect(reflected.get(0, 0)).toBeCloseTo(reflected.get(2, 2), 12);
  });
});
