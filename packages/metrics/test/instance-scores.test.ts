import { createLabelMap } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import {
  averageInstanceScores,
  computeOverlapTable,
  computePanopticQuality,
  scoreInstances,
  type InstanceMetrics,
} from '../src/index.js';
import { drawRectangles, knownPrediction, knownTruth } from './small-maps.js';

const metricNames = ['dice', 'dice2', 'aji', 'ajiPlus', 'dq', 'sq', 'pq'] as const;

function listMetrics(scores: InstanceMetrics): number[] {
  return metricNames.map((name) => scores[name]);
}

describe('scoreInstances', () => {
  it('gives the known metrics of four true and five predicted rectangles', () => {
    const scores = scoreInstances(knownTruth, knownPrediction);
    const expected = [0.774194, 0.75, 0.47619, 0.47619, 0.666667, 0.666666, 0.444444];
    listMetrics(scores).forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 6));
    expect(scores.pairs).toEqual([
      { truthId: 1, predictionId: 1, iou: 0.6 },
      { truthId: 2, predictionId: 3, iou: 0.6 },
      { truthId: 3, predictionId: 5, iou: 0.8 },
    ]);
    expect(scores.unpairedTruths).toEqual([4]);
    expect(scores.unpairedPredictions).toEqual([2, 7]);
  });

  it('is undefined where both maps are empty', () => {
    expect(listMetrics(scoreInstances(createLabelMap(5, 5), createLabelMap(5, 5)))).toEqual(Array(7).fill(NaN));
  });

  it('is zero where one map is empty', () => {
    const empty = createLabelMap(12, 12);
    expect(listMetrics(scoreInstances(knownTruth, empty))).toEqual(Array(7).fill(0));
    expect(listMetrics(scoreInstances(empty, knownTruth))).toEqual(Array(7).fill(0));
  });

  it('is zero where nothing overlaps', () => {
    const left = drawRectangles(4, 4, [[1, 0, 4, 0, 2]]);
    const right = drawRectangles(4, 4, [[1, 0, 4, 2, 4]]);
    expect(listMetrics(scoreInstances(left, right))).toEqual(Array(7).fill(0));
  });

  it('needs no background pixel', () => {
    const full = drawRectangles(2, 4, [
      [3, 0, 2, 0, 2],
      [8, 0, 2, 2, 4],
    ]);
    listMetrics(scoreInstances(full, full)).forEach((value) => expect(value).toBeCloseTo(1, 6));
  });

  it('lets two truths take the same prediction in AJI, but not in AJI+', () => {
    const truth = drawRectangles(2, 10, [
      [1, 0, 2, 0, 4],
      [2, 0, 2, 4, 9],
    ]);
    const prediction = drawRectangles(2, 10, [[1, 0, 2, 0, 9]]);
    const { aji, ajiPlus } = scoreInstances(truth, prediction);
    expect(aji).toBe(18 / 36);
    expect(ajiPlus).toBe(10 / 26);
  });
});

describe('computePanopticQuality', () => {
  // IoU of the true square with the first prediction is 3/9, with the second 4/9.
  const truth = drawRectangles(3, 3, [[1, 0, 3, 0, 3]]);
  const prediction = drawRectangles(3, 3, [
    [1, 0, 3, 0, 1],
    [2, 0, 2, 1, 3],
  ]);
  const table = computeOverlapTable(truth, prediction);

  it('pairs nothing at or below half', () => {
    expect(computePanopticQuality(table).pairs).toEqual([]);
    const half = computeOverlapTable(drawRectangles(1, 4, [[1, 0, 1, 0, 4]]), drawRectangles(1, 4, [[1, 0, 1, 0, 2]]));
    expect(computePanopticQuality(half).pairs).toEqual([]);
  });

  it('pairs one to one with a lower threshold', () => {
    const quality = computePanopticQuality(table, { matchIou: 0.3 });
    expect(quality.pairs).toEqual([{ truthId: 1, predictionId: 2, iou: 4 / 9 }]);
    expect(quality.unpairedPredictions).toEqual([1]);
    expect(quality.dq).toBeCloseTo(2 / 3, 12);
  });

  it('refuses a threshold outside [0, 1)', () => {
    for (const matchIou of [-0.1, 1, NaN])
      expect(() => computePanopticQuality(table, { matchIou })).toThrow('matchIou');
  });
});

describe('averageInstanceScores', () => {
  const known = scoreInstances(knownTruth, knownPrediction);
  const perfect = scoreInstances(knownTruth, knownTruth);
  const undefinedScores = scoreInstances(createLabelMap(2, 2), createLabelMap(2, 2));

  it('averages each metric', () => {
    expect(averageInstanceScores([known, perfect]).aji).toBeCloseTo((known.aji + 1) / 2, 12);
    expect(Object.keys(averageInstanceScores([known, perfect]))).toEqual([...metricNames]);
  });

  it('leaves images without nuclei out, unless told to propagate them', () => {
    expect(averageInstanceScores([known, undefinedScores]).pq).toBe(known.pq);
    expect(averageInstanceScores([known, undefinedScores], { undefinedValues: 'propagate' }).pq).toBeNaN();
  });

  it('is undefined without images', () => {
    expect(averageInstanceScores([]).dice).toBeNaN();
  });
});
