import { createLabelMap, type LabelMap } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreInstances, type InstanceMetrics } from '../src/index.js';
import { mapPairs } from './small-maps.js';

const metricNames = ['dice', 'dice2', 'aji', 'ajiPlus', 'dq', 'sq', 'pq'] as const;

describe('instance metrics', () => {
  it('do not depend on the ids', () => {
    fc.assert(
      fc.property(mapPairs, fc.integer({ min: 1, max: 97 }), ([truth, prediction], factor) => {
        const scores = scoreInstances(truth, prediction);
        const renamed = scoreInstances(renameIds(truth, factor), renameIds(prediction, factor + 1));
        // AJI may take another of two equally good predictions.
        expectSame(scores, renamed, ['dice', 'dice2', 'dq', 'sq', 'pq']);
      }),
    );
  });

  it('do not depend on ids renamed in the same order, AJI included', () => {
    fc.assert(
      fc.property(mapPairs, ([truth, prediction]) => {
        const renamed = scoreInstances(rankIds(truth), rankIds(prediction));
        expectSame(scoreInstances(truth, prediction), renamed, metricNames);
      }),
    );
  });

  it('are symmetric, but for AJI', () => {
    fc.assert(
      fc.property(mapPairs, ([truth, prediction]) => {
        const scores = scoreInstances(truth, prediction);
        expectSame(scores, scoreInstances(prediction, truth), ['dice', 'dice2', 'dq', 'sq', 'pq']);
      }),
    );
  });

  it('lie between 0 and 1, with PQ = DQ · SQ', () => {
    fc.assert(
      fc.property(mapPairs, ([truth, prediction]) => {
        const scores = scoreInstances(truth, prediction);
        fc.pre(!Number.isNaN(scores.dice));
        for (const name of metricNames) {
          expect(scores[name]).toBeGreaterThanOrEqual(0);
          expect(scores[name]).toBeLessThanOrEqual(1);
        }
        expect(scores.pq).toBe(scores.dq * scores.sq);
      }),
    );
  });

  it('are 1 for a map against itself', () => {
    fc.assert(
      fc.property(mapPairs, ([truth]) => {
        const scores = scoreInstances(truth, truth);
        fc.pre(!Number.isNaN(scores.dice));
        for (const name of metricNames) expect(scores[name]).toBeCloseTo(1, name === 'sq' || name === 'pq' ? 5 : 12);
      }),
    );
  });
});

function expectSame(a: InstanceMetrics, b: InstanceMetrics, names: readonly (keyof InstanceMetrics)[]): void {
  for (const name of names) {
    if (Number.isNaN(a[name])) expect(b[name]).toBeNaN();
    else expect(b[name]).toBeCloseTo(a[name], 12);
  }
}

/** Renames ids by a bijection of 1…2³¹−2 that changes their order; the prime modulus makes it one. */
function renameIds(map: LabelMap, factor: number): LabelMap {
  const prime = 2147483647n;
  const rename = (id: number) => (id === 0 || id === 2147483647 ? id : Number((BigInt(id) * BigInt(factor)) % prime));
  return createLabelMap(map.shape[0]!, map.shape[1]!, map.data.map(rename));
}

/** Renames ids to 1…n in the same order. */
function rankIds(map: LabelMap): LabelMap {
  const ids = [...new Set(map.data)].filter((id) => id !== 0).sort((a, b) => a - b);
  return createLabelMap(
    map.shape[0]!,
    map.shape[1]!,
    map.data.map((id) => ids.indexOf(id) + 1),
  );
}
