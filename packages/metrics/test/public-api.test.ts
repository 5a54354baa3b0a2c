import { expect, it } from 'vitest';
import * as metrics from '../src/index.js';

it('exports these names', () => {
  expect(Object.keys(metrics).sort()).toMatchInlineSnapshot(`
    [
      "averageInstanceScores",
      "computeAji",
      "computeAjiPlus",
      "computeDice",
      "computeDice2",
      "computeMaskDice",
      "computeMean",
      "computeMeanDice",
      "computeOverlapTable",
      "computePanopticQuality",
      "matchSparse",
      "pairCentroids",
      "scoreDetection",
      "scoreInstances",
      "scoreTypes",
      "solveAssignment",
    ]
  `);
});
