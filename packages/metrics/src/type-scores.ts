// Classification of detected nuclei: pooled F1d, accuracy and F1 of each type (Graham et al. 2019, F_d and F_c).
import { bootstrapIntervals, type BootstrapOptions, type Interval } from './statistics.js';
import {
  sumTallies,
  tallyTypes,
  unannotatedType,
  type TypedImage,
  type TypeTally,
  type TypeTallyOptions,
} from './type-tally.js';

export interface TypeScoreOptions extends TypeTallyOptions {
  /**
   * Types to score.
   * @default every type that occurs in the truth, but for −1
   */
  readonly types?: readonly number[];
}

export interface TypeScores {
  /** Detection: 2·tp / (2·tp + fp + fn), 0…1; NaN where there is no nucleus at all. */
  readonly f1d: number;
  /** Share of pairs whose types agree; NaN without pairs. */
  readonly accuracy: number;
  /** F1 by type; NaN where nothing has the type. */
  readonly f1: Readonly<Record<number, number>>;
}

/** Intervals of the scores; [NaN, NaN] where a score is undefined. */
export interface TypeScoreIntervals {
  readonly f1d: Interval;
  readonly accuracy: Interval;
  readonly f1: Readonly<Record<number, Interval>>;
}

/**
 * Pairs the centroids of each image, then scores the pairs of all images together. F1 of type c is
 * 2·tp / (2·tp + 2·fp + 2·fn + fpd + fnd): pairs of type c on both sides, on the prediction's only (but for unannotated
 * truths), on the truth's only, and unpaired predictions and truths of type c.
 * @throws ArgumentError for a nucleus without a type.
 */
export function scoreTypes(images: readonly TypedImage[], options: TypeScoreOptions = {}): TypeScores {
  const tallies = images.map((image) => tallyTypes(image, options));
  return scoreTallies(tallies, options.types ?? findTrueTypes(tallies));
}

/** Bootstrap intervals of {@link scoreTypes}: images are drawn, the pairs of the drawn ones scored together. */
export function estimateTypeIntervals(
  images: readonly TypedImage[],
  options: TypeScoreOptions & BootstrapOptions = {},
): TypeScoreIntervals {
  const tallies = images.map((image) => tallyTypes(image, options));
  const types = options.types ?? findTrueTypes(tallies);
  const score = (drawn: readonly TypeTally[]) => {
    const { f1d, accuracy, f1 } = scoreTallies(drawn, types);
    return { f1d, accuracy, ...f1 };
  };
  const { f1d, accuracy, ...f1 } = bootstrapIntervals(tallies, score, options) as Record<string, Interval>;
  return { f1d: f1d!, accuracy: accuracy!, f1 };
}

function scoreTallies(tallies: readonly TypeTally[], types: readonly number[]): TypeScores {
  const tally = sumTallies(tallies);
  const { pairs, unpairedTruths, unpairedPredictions, annotatedPairs, agreeingPairs } = tally;
  return {
    f1d: (2 * pairs) / (2 * pairs + unpairedPredictions + unpairedTruths),
    accuracy: agreeingPairs / annotatedPairs,
    f1: Object.fromEntries(types.map((type) => [type, computeTypeF1(tally, type)])),
  };
}

function findTrueTypes(tallies: readonly TypeTally[]): number[] {
  return Array.from(sumTallies(tallies).types)
    .filter(([type, { truths }]) => truths > 0 && type !== unannotatedType)
    .map(([type]) => type)
    .sort((a, b) => a - b);
}

function computeTypeF1({ types }: TypeTally, type: number): number {
  const { agreeing = 0, differing = 0, unpaired = 0 } = types.get(type) ?? {};
  return (2 * agreeing) / (2 * agreeing + 2 * differing + unpaired);
}
