import { expect, it } from 'vitest';
import * as metrics from '../src/index.js';

it('exports these names', () => {
  expect(Object.keys(metrics).sort()).toMatchInlineSnapshot(`
    [
      "averageInstanceScores",
      "bootstrapIntervals",
      "computeAji",
      "computeAjiPlus",
      "computeDice",
      "computeDice2",
      "computeMaskDice",
      "computeMean",
      "computeMeanDice",
      "computeOverlapTable",
      "computePanopticQuality",
      "computeQuantile",
      "computeR2",
      "estimateInstanceIntervals",
      "estimateTypeIntervals",
      "estimateTypedInstanceIntervals",
      "matchSparse",
      "pairCentroids",
      "scoreCounts",
      "scoreDetection",
      "scoreInstances",
      "scoreTypedInstances",
      "scoreTypes",
      "solveAssignment",
      "tallyTypedInstances",
    ]
  `);
});
