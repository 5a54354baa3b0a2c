// Dice of two label maps, and of tissue masks.
import { assertSameSize, toContiguous, type PixelArray } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { pairUnion, sumCounts, type OverlapTable } from './overlap-table.js';
import { computeMean } from './statistics.js';

/**
 * Dice of the two foregrounds, 2·|T∩P| / (|T| + |P|), 0…1. NaN if both maps are empty, 0 if one is.
 * As the original's `get_dice_1`.
 */
export function computeDice(table: OverlapTable): number {
  const common = sumCounts(table.intersections);
  return (2 * common) / (sumCounts(table.truthAreas) + sumCounts(table.predictionAreas));
}

/**
 * Instance-weighted Dice: 2·Σ|t∩p| / Σ(|t| + |p|) over all overlapping pairs, 0…1.
 * NaN if both maps are empty, 0 if nothing overlaps (the original raises in both cases).
 */
export function computeDice2(table: OverlapTable): number {
  const pairs = table.intersections.length;
  if (pairs === 0) return table.truthIds.length + table.predictionIds.length === 0 ? NaN : 0;
  let common = 0;
  let total = 0;
  for (let pair = 0; pair < pairs; pair++) {
    common += table.intersections[pair]!;
    total += pairUnion(table, pair) + table.intersections[pair]!;
  }
  return (2 * common) / total;
}

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
