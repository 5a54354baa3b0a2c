import { maxDifference } from '@hovernet/testing';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { computeDerivative, createDerivativeKernels } from '../src/derivative.js';

describe('createDerivativeKernels', () => {
  it('gives the published kernels of size 5', () => {
    const { smooth, difference } = createDerivativeKernels(5);
    expect([...smooth.half]).toEqual([3 / 8, 1 / 4, 1 / 16]);
    expect([...difference.half]).toEqual([0, 1 / 4, 1 / 8]);
  });

  it('gives the published kernel of size 21', () => {
    const published = [0, 0.03203583, 0.04805374, 0.0443573, 0.02957153, 0.01478577].concat([
      5.5447e-3, 1.5221e-3, 2.8992e-4, 3.4332e-5, 1.9073e-6,
    ]);
    expect(maxDifference(createDerivativeKernels(21).difference.half, published).value).toBeLessThan(5e-8);
  });

  it.each([2, 1, 4.5, -3])('refuses size %s', (size) => {
    expect(() => createDerivativeKernels(size)).toThrow('odd size ≥ 3');
  });
});

describe('computeDerivative', () => {
  const ramp = (dx: number, dy: number) =>
    ndarray(
      Float32Array.from({ length: 30 * 25 }, (_, i) => dx * (i % 25) + dy * Math.floor(i / 25)),
      [30, 25],
    );

  it.each([3, 5, 21])('measures the slope of a ramp along its axis with %s taps', (kernelSize) => {
    const slope = (axis: 'x' | 'y', dx: number, dy: number) =>
      computeDerivative(ramp(dx, dy), { axis, kernelSize }).get(15, 12);
    expect(slope('x', 1, 0)).toBeCloseTo(1, 12);
    expect(slope('x', 0, 1)).toBeCloseTo(0, 12);
    expect(slope('y', 0, 2)).toBeCloseTo(2, 12);
    expect(slope('y', 3, 0)).toBeCloseTo(0, 12);
  });

  it('is zero on a constant plane smaller than the kernel', () => {
    const plane = ndarray(new Float32Array(6).fill(0.3), [2, 3]);
    expect(computeDerivative(plane, { axis: 'x' }).data.every((value) => Math.abs(value) < 1e-15)).toBe(true);
  });
});
