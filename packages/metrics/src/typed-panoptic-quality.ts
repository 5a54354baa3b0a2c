// Panoptic quality of typed instances: bPQ and mPQ (Gamper et al. 2020, PanNuke), mPQ+ (Graham et al. 2021, CoNIC).
import { bootstrapIntervals, computeMean, type BootstrapOptions, type Interval } from './statistics.js';
import { computeQuality, type Quality } from './panoptic-quality.js';
import {
  sumCounts,
  tallyTypedInstances,
  type InstanceCounts,
  type TypedInstancePair,
  type TypedInstanceTally,
} from './typed-instance-tally.js';

export interface TypedPanopticOptions {
  /**
   * Types to score.
   * @default every type that occurs in the truth, but for −1 (not annotated)
   */
  readonly types?: readonly number[];
}

export interface TypedPanopticScores {
  /** PQ without regard to types, mean over images; NaN where no image has a nucleus. */
  readonly bpq: number;
  /** Mean over images of the mean PQ of the types that an image's truth has; images without true nuclei are left out. */
  readonly mpq: number;
  /** Mean over types of the PQ of all images together; types that nothing has are left out. */
  readonly mpqPlus: number;
  /** Quality of each type over all images together; NaN where nothing has the type. */
  readonly types: Readonly<Record<number, Quality>>;
}

/**
 * bPQ, mPQ, mPQ+ and the quality of each type, at IoU above 0.5. Instances pair within a type: one that is found with another
 * type is missed in the first and invented in the second. As PanNuke, an image does not count in mPQ for a type that its
 * truth lacks, even where it is predicted. Linear in the pixels; of tallies, in their number.
 * @throws ShapeError if maps differ in size; ArgumentError for an id without a type.
 */
export function scoreTypedInstances(
  images: readonly (TypedInstancePair | TypedInstanceTally)[],
  options: TypedPanopticOptions = {},
): TypedPanopticScores {
  const tallies = images.map(toTally);
  return scoreTallies(tallies, options.types ?? findTrueTypes(tallies));
}

/** Bootstrap intervals over images of bPQ, mPQ and mPQ+. */
export function estimateTypedInstanceIntervals(
  images: readonly (TypedInstancePair | TypedInstanceTally)[],
  options: TypedPanopticOptions & BootstrapOptions = {},
): Readonly<Record<'bpq' | 'mpq' | 'mpqPlus', Interval>> {
  const tallies = images.map(toTally);
  const types = options.types ?? findTrueTypes(tallies);
  const score = (drawn: readonly TypedInstanceTally[]) => {
    const { bpq, mpq, mpqPlus } = scoreTallies(drawn, types);
    return { bpq, mpq, mpqPlus };
  };
  return bootstrapIntervals(tallies, score, options);
}

function toTally(image: TypedInstancePair | TypedInstanceTally): TypedInstanceTally {
  return 'all' in image ? image : tallyTypedInstances(image);
}

function findTrueTypes(images: readonly TypedInstanceTally[]): number[] {
  const types = new Set(
    images.flatMap((image) =>
      Array.from(image.types).flatMap(([type, { truths }]) => (truths > 0 && type >= 0 ? [type] : [])),
    ),
  );
  return [...types].sort((a, b) => a - b);
}

function scoreTallies(images: readonly TypedInstanceTally[], types: readonly number[]): TypedPanopticScores {
  const pooled = types.map((type) => [type, toQuality(sumCounts(images, type))] as const);
  return {
    bpq: computeMean(images.map(({ all }) => toQuality(all).pq)),
    mpq: computeMean(images.map((image) => averageTypes(image, types))),
    mpqPlus: computeMean(pooled.map(([, { pq }]) => pq)),
    types: Object.fromEntries(pooled),
  };
}

function averageTypes(image: TypedInstanceTally, types: readonly number[]): number {
  const present = types.flatMap((type) => image.types.get(type) ?? []).filter(({ truths }) => truths > 0);
  return computeMean(present.map((counts) => toQuality(counts).pq));
}

function toQuality({ pairs, iouSum, truths, predictions }: InstanceCounts): Quality {
  return computeQuality(pairs, iouSum, truths + predictions);
}
