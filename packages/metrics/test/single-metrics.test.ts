import { createLabelMap } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import {
  computeAji,
  computeAjiPlus,
  computeDice,
  computeDice2,
  computeOverlapTable,
  computePanopticQuality,
} from '../src/index.js';
import { knownPrediction, knownTruth } from './small-maps.js';

const empty = createLabelMap(12, 12);
const known = computeOverlapTable(knownTruth, knownPrediction);
const metrics = { computeDice, computeDice2, computeAji, computeAjiPlus };

describe('a metric alone, of an overlap table', () => {
  it('gives its known value', () => {
    // Foregrounds of 60 and 64 pixels share 48.
    expect(computeDice(known)).toBeCloseTo((2 * 48) / (60 + 64), 12);
    expect(computeDice2(known)).toBe(0.75);
    expect(computeAji(known)).toBeCloseTo(0.47619, 6);
    expect(computeAjiPlus(known)).toBeCloseTo(0.47619, 6);
    expect(computePanopticQuality(known).pq).toBeCloseTo(0.444444, 6);
  });

  it.each(Object.entries(metrics))('%s is NaN for two empty maps, 0 for one', (_name, compute) => {
    expect(compute(computeOverlapTable(empty, empty))).toBeNaN();
    expect(compute(computeOverlapTable(knownTruth, empty))).toBe(0);
    expect(compute(computeOverlapTable(empty, knownTruth))).toBe(0);
  });
});
