import { createPlanes, planeView } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { computeDistanceMap } from '../src/compute-distance-map.js';
import { createGaussianKernel } from '../src/gaussian.js';
import { drawMask } from './support/pictures.js';

describe('computeDistanceMap', () => {
  const border = (height: number, width: number) => planeView(createPlanes(1, height, width), 0);

  it('spreads one pixel as the kernel of the rules', () => {
    const mask = drawMask(...Array.from({ length: 9 }, (_, y) => (y === 4 ? '....#....' : '.........')));
    const monai = computeDistanceMap(border(9, 9), mask);
    expect(monai.get(4, 4)).toBeCloseTo(-(0.38292492 ** 2), 7);
    expect(monai.get(0, 4)).toBeCloseTo(-0.38292492 * 0.00022923, 7);
    const original = computeDistanceMap(border(9, 9), mask, { reference: 'hover_net' });
    expect([original.get(4, 4), original.get(3, 4), original.get(3, 3), original.get(2, 4)]).toEqual([
      -0.25, -0.125, -0.0625, 0,
    ]);
    expect(computeDistanceMap(border(9, 9), mask, { smoothing: [1] }).get(4, 4)).toBe(-1);
  });

  it('takes a Gaussian in place of its taps', () => {
    const mask = drawMask('.....', '.###.', '.###.', '.....');
    const gaussian = { sigmaPx: 0.4, approximation: 'sampled' } as const;
    const { half } = createGaussianKernel(gaussian);
    const expected = computeDistanceMap(border(4, 5), mask, { smoothing: half });
    expect(computeDistanceMap(border(4, 5), mask, { smoothing: gaussian })).toEqual(expected);
    const plain = computeDistanceMap(border(4, 5), mask, { smoothing: {} });
    expect(plain).toEqual(computeDistanceMap(border(4, 5), mask));
    expect(() => computeDistanceMap(border(4, 5), mask, { smoothing: { sigmaPx: 0 } })).toThrow('expected σ');
  });

  it('is shallower at the edge with zeros beyond it, not with a reflected edge', () => {
    const mask = drawMask(...Array.from({ length: 12 }, () => '############'));
    expect(computeDistanceMap(border(12, 12), mask).get(0, 0)).toBeCloseTo(-(0.6914624 ** 2), 5);
    expect(computeDistanceMap(border(12, 12), mask, { reference: 'hover_net' }).get(0, 0)).toBe(-1);
  });
});
