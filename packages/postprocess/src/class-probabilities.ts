// How likely each class is for each nucleus.
import { assertLabelMap, toContiguous, type LabelMap } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { assertLogits } from './classify-pixels.js';
import { findGreatest, forEachSegment } from './compact-labels.js';
import { measureRegions } from './measure-regions.js';

export interface MeasureClassProbabilitiesOptions {
  /**
   * `votes`: the share of a nucleus' pixels that have the class, whose greatest (but for background) is its `typeProbability`
   * up to the 1e-6 in there. `softmax`: the mean of the pixels' softmax. @default 'votes'
   */
  readonly average?: 'votes' | 'softmax';
}

/** Probabilities indexed by label, 0…`maxLabel`. */
export interface ClassProbabilities {
  readonly maxLabel: number;
  readonly classes: number;
  /** `probabilities[label · classes + class]`, 0…1, summing to 1 for each label that occurs; 0 for the others. */
  readonly probabilities: Float64Array;
}

/**
 * The vector of class probabilities of every positive label of `map` `[height, width]`. `logits`: `[classes, height, width]`,
 * float32, background first. Linear in pixels and in the greatest label.
 */
export function measureClassProbabilities(
  map: LabelMap,
  logits: NdArray<Float32Array>,
  options: MeasureClassProbabilitiesOptions = {},
): ClassProbabilities {
  assertLabelMap('measureClassProbabilities', map);
  const [height, width] = map.shape as [number, number];
  assertLogits('measureClassProbabilities', logits, [height, width]);
  return options.average === 'softmax' ? averageSoftmax(map, logits) : shareVotes(map, logits);
}

function shareVotes(map: LabelMap, classLogits: NdArray<Float32Array>): ClassProbabilities {
  const { maxLabel, classes, classCount, area } = measureRegions(map, { classLogits });
  const probabilities = Float64Array.from(classCount, (count, i) => {
    const pixels = area[Math.floor(i / classes)]!;
    return pixels === 0 ? 0 : count / pixels;
  });
  return { maxLabel, classes, probabilities };
}

function averageSoftmax(map: LabelMap, logits: NdArray<Float32Array>): ClassProbabilities {
  const labels = toContiguous(map);
  const data = toContiguous(logits);
  const classes = logits.shape[0]!;
  const maxLabel = findGreatest(labels);
  const area = new Int32Array(maxLabel + 1);
  const probabilities = new Float64Array((maxLabel + 1) * classes);
  const powers = new Float64Array(classes);
  forEachSegment(labels, map.shape[1]!, (label, _y, start, end, first) => {
    area[label]! += end - start;
    for (let i = first; i < first + end - start; i++) {
      const sum = exponentiate(powers, data, i, labels.length);
      for (let c = 0; c < classes; c++) probabilities[label * classes + c]! += powers[c]! / sum;
    }
  });
  for (let i = 0; i < probabilities.length; i++) probabilities[i]! /= area[Math.floor(i / classes)]! || 1;
  return { maxLabel, classes, probabilities };
}

/** Fills `powers` with e^(logit − greatest logit) of pixel `i` and returns their sum. */
function exponentiate(powers: Float64Array, logits: Float32Array, i: number, size: number): number {
  let greatest = -Infinity;
  for (let c = 0; c < powers.length; c++) greatest = Math.max(greatest, logits[c * size + i]!);
  let sum = 0;
  for (let c = 0; c < powers.length; c++) {
    powers[c] = Math.exp(logits[c * size + i]! - greatest);
    sum += powers[c]!;
  }
  return sum;
}
