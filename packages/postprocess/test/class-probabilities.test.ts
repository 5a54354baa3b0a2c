import { createPlanes } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { describeNuclei, measureClassProbabilities } from '../src/index.js';
import { drawLabels } from './support/pictures.js';

const map = drawLabels('1133', '1..3');
// The winners are 2, 1, 0, 1 / 2, 0, 0, 1.
const logits = createPlanes(
  3,
  2,
  4,
  Float32Array.of(0, 0, 2, 0, 0, 9, 9, 0, ...[0, 2, 0, 1, 0, 0, 0, 3], ...[2, 0, 0, 0, 2, 0, 0, 0]),
);

describe('measureClassProbabilities', () => {
  it('counts votes of the pixels of each nucleus', () => {
    const { maxLabel, classes, probabilities } = measureClassProbabilities(map, logits);
    expect([maxLabel, classes]).toEqual([3, 3]);
    expect([...probabilities.subarray(3, 6)]).toEqual([0, 1 / 3, 2 / 3]);
    expect([...probabilities.subarray(6, 9)]).toEqual([0, 0, 0]);
    expect([...probabilities.subarray(9, 12)]).toEqual([1 / 3, 2 / 3, 0]);
  });

  it('holds the probability of the type that a nucleus is given, up to the 1e-6 of the references', () => {
    const { classes, probabilities } = measureClassProbabilities(map, logits);
    for (const { id, type, typeProbability } of describeNuclei(map, { classLogits: logits })) {
      expect(probabilities[id * classes + type!]).toBeCloseTo(typeProbability!, 6);
    }
  });

  it('averages the softmax of the pixels', () => {
    const { probabilities } = measureClassProbabilities(map, logits, { average: 'softmax' });
    const e = Math.exp(2);
    expect(probabilities[3]).toBeCloseTo(1 / (e + 2), 12);
    expect(probabilities[4]).toBeCloseTo((2 / (e + 2) + e / (e + 2)) / 3, 12);
    const sums = [1, 2, 3].map((label) => probabilities.subarray(3 * label, 3 * label + 3).reduce((a, b) => a + b));
    expect(sums.map((sum) => Number(sum.toFixed(12)))).toEqual([1, 0, 1]);
  });

  it('stays finite for logits that overflow, and does without nuclei', () => {
    const huge = createPlanes(2, 1, 1, Float32Array.of(3e38, -3e38));
    const one = drawLabels('1');
    expect([...measureClassProbabilities(one, huge, { average: 'softmax' }).probabilities.subarray(2)]).toEqual([1, 0]);
    expect([...measureClassProbabilities(drawLabels('.'), huge).probabilities]).toEqual([0, 0]);
  });

  it('refuses logits of another size', () => {
    expect(() => measureClassProbabilities(map, createPlanes(3, 4, 2))).toThrow(
      'measureClassProbabilities: expected [1…256 classes, 2, 4], got [3, 4, 2]',
    );
  });
});
