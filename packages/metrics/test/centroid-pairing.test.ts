import type { Point } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairCentroids, type CentroidPairing } from '../src/index.js';

const truth: Point[] = [
  [10, 10],
  [30, 10],
  [50, 50],
  [80, 80],
];
const prediction: Point[] = [
  [14, 10],
  [22, 10],
  [31, 21],
  [51, 60],
  [200, 200],
];

function listPairs(pairing: CentroidPairing): number[][] {
  return pairing.pairs.map((pair) => [pair.truth, pair.prediction]);
}

describe('pairCentroids', () => {
  it('loses a close pair to the smallest total distance, as the original', () => {
    const pairing = pairCentroids(truth, prediction);
    expect(listPairs(pairing)).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(pairing.unpairedTruths).toEqual([2, 3]);
    expect(pairing.unpairedPredictions).toEqual([2, 3, 4]);
  });

  it('keeps the close pair when gated', () => {
    const pairing = pairCentroids(truth, prediction, { pairing: 'gated' });
    expect(listPairs(pairing)).toEqual([
      [0, 0],
      [1, 1],
      [2, 3],
    ]);
    expect(pairing.pairs[2]!.distancePx).toBeCloseTo(Math.sqrt(101), 12);
  });

  it('includes pairs at exactly the radius', () => {
    for (const pairing of ['global', 'gated'] as const) {
      expect(listPairs(pairCentroids([[0, 0]], [[3, 4]], { radiusPx: 5, pairing }))).toEqual([[0, 0]]);
      expect(listPairs(pairCentroids([[0, 0]], [[3, 4]], { radiusPx: 4.999, pairing }))).toEqual([]);
    }
  });

  it('takes empty sides', () => {
    for (const pairing of ['global', 'gated'] as const) {
      expect(pairCentroids([], prediction, { pairing }).unpairedPredictions).toEqual([0, 1, 2, 3, 4]);
      expect(pairCentroids(truth, [], { pairing }).unpairedTruths).toEqual([0, 1, 2, 3]);
      expect(pairCentroids([], [], { pairing }).pairs).toEqual([]);
    }
  });

  it('refuses coordinates that are not finite and negative radii', () => {
    expect(() => pairCentroids(truth, [[1, NaN]])).toThrow('expected finite prediction centroids, got [1, NaN] at 0');
    expect(() => pairCentroids(truth, prediction, { radiusPx: -1 })).toThrow('radiusPx');
  });
});

describe('pairCentroids, for random points,', () => {
  const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })), {
    maxLength: 12,
  });

  it('pairs one to one within the radius and leaves the rest over', () => {
    fc.assert(
      fc.property(points, points, fc.constantFrom('global', 'gated'), (a, b, pairing) => {
        const { pairs, unpairedTruths, unpairedPredictions } = pairCentroids(a, b, { radiusPx: 8, pairing });
        const truths = [...pairs.map((pair) => pair.truth), ...unpairedTruths].sort((x, y) => x - y);
        const predictions = [...pairs.map((pair) => pair.prediction), ...unpairedPredictions].sort((x, y) => x - y);
        expect(truths).toEqual([...a.keys()]);
        expect(predictions).toEqual([...b.keys()]);
        expect(pairs.every((pair) => pair.distancePx <= 8)).toBe(true);
      }),
    );
  });

  it('finds at least as many pairs gated as globally', () => {
    fc.assert(
      fc.property(points, points, (a, b) => {
        const gated = pairCentroids(a, b, { radiusPx: 8, pairing: 'gated' });
        const global = pairCentroids(a, b, { radiusPx: 8 });
        expect(gated.pairs.length).toBeGreaterThanOrEqual(global.pairs.length);
      }),
    );
  });

  it('finds equally many pairs at the same total distance with the sides swapped', () => {
    fc.assert(
      fc.property(points, points, (a, b) => {
        const options = { radiusPx: 8, pairing: 'gated' } as const;
        const forward = pairCentroids(a, b, options).pairs;
        const backward = pairCentroids(b, a, options).pairs;
        const total = (pairs: typeof forward) => pairs.reduce((sum, pair) => sum + pair.distancePx, 0);
        expect(backward.length).toBe(forward.length);
        expect(total(backward)).toBeCloseTo(total(forward), 6);
      }),
    );
  });
});
