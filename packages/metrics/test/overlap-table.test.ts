import { createLabelMap, flipView } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { computeOverlapTable } from '../src/index.js';

const truth = createLabelMap(3, 4, Int32Array.of(0, 9, 9, 0, 4, 9, 9, 0, 4, 4, 0, 2147483647));
const prediction = createLabelMap(3, 4, Int32Array.of(0, 7, 7, 7, 7, 7, 3, 0, 0, 3, 3, 0));

describe('computeOverlapTable', () => {
  it('lists ids, areas and intersections in ascending order', () => {
    const table = computeOverlapTable(truth, prediction);
    expect([...table.truthIds]).toEqual([4, 9, 2147483647]);
    expect([...table.truthAreas]).toEqual([3, 4, 1]);
    expect([...table.predictionIds]).toEqual([3, 7]);
    expect([...table.predictionAreas]).toEqual([3, 5]);
    expect([...table.pairTruths]).toEqual([0, 0, 1, 1]);
    expect([...table.pairPredictions]).toEqual([0, 1, 0, 1]);
    expect([...table.intersections]).toEqual([1, 1, 1, 3]);
  });

  it('reads views that are not contiguous', () => {
    const flipped = computeOverlapTable(flipView(truth, 1), flipView(prediction, 1));
    expect(flipped).toEqual(computeOverlapTable(truth, prediction));
  });

  it('keeps thousands of instances apart', () => {
    const ids = createLabelMap(
      1,
      5000,
      Int32Array.from({ length: 5000 }, (_, i) => 1 + i * 429496),
    );
    const table = computeOverlapTable(ids, ids);
    expect(table.truthIds).toEqual(ids.data);
    expect(table.pairTruths).toEqual(table.pairPredictions);
    expect(table.intersections.every((count) => count === 1)).toBe(true);
  });

  it('is empty for empty maps, also for maps without a pixel', () => {
    for (const map of [createLabelMap(4, 4), createLabelMap(0, 7)]) {
      const table = computeOverlapTable(map, map);
      expect([table.truthIds.length, table.predictionIds.length, table.intersections.length]).toEqual([0, 0, 0]);
    }
  });

  it('refuses maps of different sizes', () => {
    expect(() => computeOverlapTable(createLabelMap(2, 3), createLabelMap(3, 2))).toThrow('2 × 3');
  });

  it('refuses negative ids and says where', () => {
    const map = createLabelMap(1, 3, Int32Array.of(0, 5, -2));
    expect(() => computeOverlapTable(createLabelMap(1, 3), map)).toThrow('expected ids ≥ 0, got -2 at pixel 2');
  });
});
