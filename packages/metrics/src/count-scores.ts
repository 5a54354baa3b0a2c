// How well the numbers of nuclei in images are predicted (Graham et al. 2021, CoNIC: cellular composition).
import { ArgumentError } from '@hovernet/core';
import { computeMean } from './statistics.js';

/** Types of the true and the predicted nuclei of one image. */
export interface CountedImage {
  readonly truth: readonly { readonly type: number | null }[];
  readonly prediction: readonly { readonly type: number | null }[];
}

export interface CountScoreOptions {
  /**
   * Types to score.
   * @default every type that occurs in the truth
   */
  readonly types?: readonly number[];
}

export interface CountScores {
  /** R² of the numbers of nuclei of each type; NaN where the true numbers do not vary. */
  readonly r2: Readonly<Record<number, number>>;
  /** Mean of the defined ones. */
  readonly meanR2: number;
  /** R² of the numbers of all nuclei, typed or not. */
  readonly totalR2: number;
}

/** R² over images of the numbers of nuclei: of each type, in the mean, and of all. */
export function scoreCounts(images: readonly CountedImage[], options: CountScoreOptions = {}): CountScores {
  const types = options.types ?? findTrueTypes(images);
  const r2 = types.map((type) => {
    const count = (nuclei: CountedImage['truth']) => nuclei.filter((nucleus) => nucleus.type === type).length;
    const truth = images.map((image) => count(image.truth));
    return [
      type,
      computeR2(
        truth,
        images.map((image) => count(image.prediction)),
      ),
    ] as const;
  });
  return {
    r2: Object.fromEntries(r2),
    meanR2: computeMean(r2.map(([, value]) => value)),
    totalR2: computeR2(
      images.map(({ truth }) => truth.length),
      images.map(({ prediction }) => prediction.length),
    ),
  };
}

/**
 * Coefficient of determination, 1 − Σ(t − p)² / Σ(t − mean t)²: 1 for a perfect prediction, 0 for the mean of the truth,
 * negative for worse. NaN where the truth does not vary, as for less than two values.
 * @throws ArgumentError if the lists differ in length.
 */
export function computeR2(truth: ArrayLike<number>, prediction: ArrayLike<number>): number {
  if (truth.length !== prediction.length) {
    throw new ArgumentError(`computeR2: expected ${truth.length} predictions, got ${prediction.length}`);
  }
  const values = Array.from(truth);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let residual = 0;
  let total = 0;
  values.forEach((value, i) => {
    residual += (value - prediction[i]!) ** 2;
    total += (value - mean) ** 2;
  });
  return total === 0 ? NaN : 1 - residual / total;
}

function findTrueTypes(images: readonly CountedImage[]): number[] {
  const types = new Set(
    images.flatMap(({ truth }) => truth.flatMap(({ type }) => (type === null || type < 0 ? [] : [type]))),
  );
  return [...types].sort((a, b) => a - b);
}
