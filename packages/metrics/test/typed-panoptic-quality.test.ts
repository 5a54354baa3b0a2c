import { createLabelMap } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import {
  estimateTypedInstanceIntervals,
  scoreInstances,
  scoreTypedInstances,
  tallyTypedInstances,
  type TypedInstances,
} from '../src/index.js';
import { drawRectangles, knownPrediction, knownTruth } from './small-maps.js';

function typed(instanceMap: TypedInstances['instanceMap'], types: Readonly<Record<number, number>>): TypedInstances {
  return { instanceMap, nuclei: Object.entries(types).map(([id, type]) => ({ id: Number(id), type })) };
}

// The pairs above an IoU of half are 1–1 (0.6), 2–3 (0.6) and 3–5 (0.8).
const truth = typed(knownTruth, { 1: 1, 2: 1, 3: 2, 4: 3 });
const prediction = typed(knownPrediction, { 1: 1, 2: 1, 3: 2, 5: 2, 7: 4 });

describe('scoreTypedInstances', () => {
  it('pairs instances within their type', () => {
    const { types, mpq, mpqPlus, bpq } = scoreTypedInstances([{ truth, prediction }]);
    expect(Object.keys(types)).toEqual(['1', '2', '3']);
    // Type 1: one pair of two and two; type 2: one pair of one and two; type 3: missed.
    expect(types[1]!.dq).toBe(2 / 4);
    expect(types[1]!.pq).toBeCloseTo(0.5 * 0.6, 5);
    expect(types[2]!.dq).toBe(2 / 3);
    expect(types[2]!.pq).toBeCloseTo((2 / 3) * 0.8, 5);
    expect(types[3]!.pq).toBe(0);
    const mean = (0.3 + 1.6 / 3) / 3;
    expect(mpq).toBeCloseTo(mean, 5);
    expect(mpqPlus).toBeCloseTo(mean, 5);
    expect(bpq).toBe(scoreInstances(knownTruth, knownPrediction).pq);
  });

  it('takes means over images for mPQ, and all images together for mPQ+', () => {
    const square = drawRectangles(4, 4, [[1, 0, 4, 0, 4]]);
    const found = { truth: typed(square, { 1: 1 }), prediction: typed(square, { 1: 1 }) };
    const missed = { truth: typed(square, { 1: 1 }), prediction: typed(createLabelMap(4, 4), {}) };
    const scores = scoreTypedInstances([found, missed, missed]);
    expect(scores.mpq).toBeCloseTo(1 / 3, 6);
    expect(scores.mpqPlus).toBeCloseTo(2 / 4, 6);
    expect(scores.bpq).toBeCloseTo(1 / 3, 6);
  });

  it('leaves a type out of the mPQ of images whose truth lacks it, but not out of mPQ+', () => {
    const left = drawRectangles(2, 4, [[1, 0, 2, 0, 2]]);
    const both = drawRectangles(2, 4, [
      [1, 0, 2, 0, 2],
      [2, 0, 2, 2, 4],
    ]);
    const invented = { truth: typed(left, { 1: 1 }), prediction: typed(both, { 1: 1, 2: 2 }) };
    const scores = scoreTypedInstances([invented], { types: [1, 2, 3] });
    expect(scores.mpq).toBeCloseTo(1, 5);
    expect(scores.types[2]!.pq).toBe(0);
    expect(scores.types[3]!.pq).toBeNaN();
    expect(scores.mpqPlus).toBeCloseTo(0.5, 5);
  });

  it('is undefined without nuclei, zero without a prediction', () => {
    const empty = typed(createLabelMap(12, 12), {});
    expect(scoreTypedInstances([])).toEqual({ bpq: NaN, mpq: NaN, mpqPlus: NaN, types: {} });
    expect(scoreTypedInstances([{ truth: empty, prediction: empty }])).toMatchObject({
      bpq: NaN,
      mpq: NaN,
      mpqPlus: NaN,
    });
    expect(scoreTypedInstances([{ truth: empty, prediction }])).toMatchObject({ bpq: 0, mpq: NaN, mpqPlus: NaN });
    expect(scoreTypedInstances([{ truth, prediction: empty }])).toMatchObject({ bpq: 0, mpq: 0, mpqPlus: 0 });
  });

  it('takes tallies in place of the images that they were made of', () => {
    const images = [
      { truth, prediction },
      { truth, prediction: truth },
    ];
    const tallies = images.map(tallyTypedInstances);
    expect(tallies[0]!.all).toMatchObject({ pairs: 3, truths: 4, predictions: 5 });
    expect(scoreTypedInstances(tallies)).toEqual(scoreTypedInstances(images));
    expect(estimateTypedInstanceIntervals(tallies)).toEqual(estimateTypedInstanceIntervals(images));
  });

  it('does not score the type −1, which says that nobody looked', () => {
    const unannotated = typed(knownTruth, { 1: -1, 2: 1, 3: 2, 4: 3 });
    expect(Object.keys(scoreTypedInstances([{ truth: unannotated, prediction }]).types)).toEqual(['1', '2', '3']);
  });

  it('refuses ids without a type', () => {
    const untyped = { instanceMap: knownTruth, nuclei: [{ id: 1, type: null }] };
    expect(() => scoreTypedInstances([{ truth: untyped, prediction }])).toThrow('got none for truth 1');
  });
});

it('gives intervals over images', () => {
  const perfect = { truth, prediction: truth };
  const { bpq, mpq, mpqPlus } = estimateTypedInstanceIntervals([{ truth, prediction }, perfect]);
  for (const [low, high] of [bpq, mpq, mpqPlus]) {
    expect(low).toBeLessThan(0.5);
    expect(high).toBeCloseTo(1, 5);
  }
});
