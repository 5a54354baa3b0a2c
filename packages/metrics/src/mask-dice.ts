// Dice of binary masks, and its mean over patches: the score that picks the best checkpoint.
import { assertSameSize, toContiguous, type PixelArray } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { computeMean } from './mean.js';

/** Truth and prediction of one patch, `[height, width]` each; every non-zero pixel is foreground. */
export interface MaskPair {
  readonly truth: NdArray<PixelArray>;
  readonly prediction: NdArray<PixelArray>;
}

export interface MaskDiceOptions {
  /**
   * Patches whose truth has no foreground: `skip` leaves them undefined (NaN); `score` gives 1 if the prediction is empty
   * too, else 0.
   * @default 'skip'
   */
  readonly emptyTruth?: 'skip' | 'score';
}

/** 2·|P∩T| / (|P| + |T|) of two masks, 0…1, or NaN for an empty truth. As MONAI's DiceMetric for one class. */
export function computeMaskDice({ truth, prediction }: MaskPair, options: MaskDiceOptions = {}): number {
  assertSameSize('computeMaskDice: prediction', truth, prediction);
  const truths = toContiguous(truth);
  const predictions = toContiguous(prediction);
  let truthCount = 0;
  let predictionCount = 0;
  let common = 0;
  for (let i = 0; i < truths.length; i++) {
    const inTruth = truths[i] !== 0;
    const inPrediction = predictions[i] !== 0;
    if (inTruth) truthCount++;
    if (inPrediction) predictionCount++;
    if (inTruth && inPrediction) common++;
  }
  if (truthCount > 0) return (2 * common) / (truthCount + predictionCount);
  if (options.emptyTruth !== 'score') return NaN;
  return predictionCount === 0 ? 1 : 0;
}

/**
 * Mean Dice over patches. As MONAI's MeanDice (background excluded), but NaN instead of 0 where every patch is skipped,
 * and in double precision.
 */
export function computeMeanDice(patches: readonly MaskPair[], options: MaskDiceOptions = {}): number {
  return computeMean(patches.map((patch) => computeMaskDice(patch, options)));
}
