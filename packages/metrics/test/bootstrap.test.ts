import { describe, expect, it } from 'vitest';
import {
  averageInstanceScores,
  bootstrapIntervals,
  computeMean,
  estimateInstanceIntervals,
  estimateTypeIntervals,
  scoreInstances,
  scoreTypes,
  type TypedImage,
} from '../src/index.js';
import { knownPrediction, knownTruth } from './small-maps.js';

const mean = (samples: readonly number[]) => ({ mean: computeMean(samples) });

describe('bootstrapIntervals', () => {
  const samples = Array.from({ length: 100 }, (_, i) => i);

  it('covers the mean by about two standard errors on each side', () => {
    const { mean: interval } = bootstrapIntervals(samples, mean, { resamples: 4000 });
    // The standard deviation of 0…99 is 28.87.
    expect(interval[0]).toBeCloseTo(49.5 - 1.96 * 2.887, 0);
    expect(interval[1]).toBeCloseTo(49.5 + 1.96 * 2.887, 0);
  });

  it('is the same for the same seed, another for another, and narrower for less confidence', () => {
    const draw = (options = {}) => bootstrapIntervals(samples, mean, options).mean;
    expect(draw()).toEqual(draw({ seed: 321 }));
    expect(draw({ seed: 1 })).not.toEqual(draw({ seed: 2 }));
    expect(draw({ confidence: 0.5 })[0]).toBeGreaterThan(draw()[0]);
  });

  it('has no width for one sample, and none at all for none', () => {
    expect(bootstrapIntervals([0.25], mean).mean).toEqual([0.25, 0.25]);
    expect(bootstrapIntervals([], mean).mean).toEqual([NaN, NaN]);
  });

  it('leaves out resamples without a defined value', () => {
    const { mean: interval } = bootstrapIntervals([NaN, 3], mean);
    expect(interval).toEqual([3, 3]);
    expect(bootstrapIntervals([NaN], mean).mean).toEqual([NaN, NaN]);
  });

  it('interpolates between order statistics', () => {
    let next = 0;
    const statistic = () => ({ value: next++ });
    // The first call finds the names; then come 1…5.
    expect(bootstrapIntervals([0], statistic, { resamples: 5, confidence: 0.7 }).value[0]).toBeCloseTo(1.6, 12);
  });

  it.each([{ resamples: 0 }, { resamples: 1.5 }, { confidence: 1 }, { confidence: NaN }])('refuses %o', (options) => {
    expect(() => bootstrapIntervals(samples, mean, options)).toThrow('bootstrapIntervals: expected');
  });
});

describe('intervals of scores', () => {
  it('hold the mean of instance metrics and stay between the worst and the best image', () => {
    const images = [scoreInstances(knownTruth, knownPrediction), scoreInstances(knownTruth, knownTruth)];
    const intervals = estimateInstanceIntervals(images);
    const means = averageInstanceScores(images);
    expect(Object.keys(intervals)).toEqual(Object.keys(means));
    for (const name of ['dice', 'aji', 'pq'] as const) {
      expect(intervals[name]).toEqual([images[0]![name], images[1]![name]]);
      expect(means[name]).toBeGreaterThan(intervals[name][0]);
    }
  });

  it('pool the pairs of the drawn images for types', () => {
    const place = (type: number): TypedImage['truth'] => [{ centroid: [5, 5], type }];
    const right = { truth: place(1), prediction: place(1) };
    const wrong = { truth: place(1), prediction: place(2) };
    const intervals = estimateTypeIntervals([right, wrong]);
    expect(intervals).toEqual({ f1d: [1, 1], accuracy: [0, 1], f1: { 1: [0, 1] } });
    expect(Object.keys(intervals.f1)).toEqual(Object.keys(scoreTypes([right, wrong]).f1));
  });
});
