import { describe, expect, it } from 'vitest';
import { computeR2, scoreCounts } from '../src/index.js';

const nuclei = (...types: (number | null)[]) => types.map((type) => ({ type }));

describe('computeR2', () => {
  it('is 1 for equal numbers, 0 for their mean, negative for worse', () => {
    expect(computeR2([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(computeR2([1, 2, 3], [2, 2, 2])).toBe(0);
    expect(computeR2([1, 2, 3], [3, 2, 1])).toBe(-3);
  });

  it('is undefined where the truth does not vary', () => {
    for (const values of [[], [4], [4, 4]]) expect(computeR2(values, values)).toBeNaN();
  });

  it('refuses lists of different lengths', () => {
    expect(() => computeR2([1, 2], [1])).toThrow('expected 2 predictions, got 1');
  });
});

describe('scoreCounts', () => {
  it('scores the numbers of each type and of all', () => {
    const scores = scoreCounts([
      { truth: nuclei(1, 1, 2), prediction: nuclei(1, 1, 1) },
      { truth: nuclei(1, 2), prediction: nuclei(1, 2, 2) },
      { truth: nuclei(1, 1, 1, 2, -1), prediction: nuclei(1, 1, 1, 0) },
    ]);
    // Type 1: 2, 1, 3 against 3, 1, 3; type 2: always one; all: 3, 2, 5 against 3, 3, 4.
    expect(scores.r2).toEqual({ 1: 1 - 1 / 2, 2: NaN });
    expect(scores.meanR2).toBe(0.5);
    expect(scores.totalR2).toBeCloseTo(1 - 2 / (14 / 3), 12);
  });

  it('scores untyped nuclei by their numbers alone', () => {
    const images = [1, 2, 4].map((n) => ({
      truth: Array(n).fill({ type: null }),
      prediction: Array(n).fill({ type: null }),
    }));
    expect(scoreCounts(images)).toEqual({ r2: {}, meanR2: NaN, totalR2: 1 });
    expect(scoreCounts([])).toEqual({ r2: {}, meanR2: NaN, totalR2: NaN });
  });
});
