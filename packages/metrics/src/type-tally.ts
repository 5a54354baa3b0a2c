// What the pairs of one image say about types: counts that add up over images.
import { ArgumentError, type Point } from '@hovernet/core';
import { pairCentroids, type PairingOptions } from './centroid-pairing.js';

/** A nucleus with its type; the nuclei of a segmentation fit. */
export interface TypedNucleus {
  readonly centroid: Point;
  /** Class id; 0 where only background was predicted inside it. A true nucleus may be −1: not annotated. */
  readonly type: number | null;
}

/** True and predicted nuclei of one image; either list may be empty. */
export interface TypedImage {
  readonly truth: readonly TypedNucleus[];
  readonly prediction: readonly TypedNucleus[];
}

export interface TypeTallyOptions extends PairingOptions {
  /**
   * `hover_net`: one nucleus of type 0 at (0, 0) where an image has no true or no predicted nuclei, as the authors'
   * repository; it counts, and may pair with a nucleus near the corner.
   * @default none
   */
  readonly reference?: 'hover_net';
}

/** Counts of one type. */
export interface TypeCounts {
  /** Pairs that have the type on both sides. */
  agreeing: number;
  /** Pairs that have it on one side, unless the truth is not annotated. */
  differing: number;
  /** Nuclei of the type without a partner, on either side. */
  unpaired: number;
  /** True nuclei of the type. */
  truths: number;
}

/** Counts of one image or of several. */
export interface TypeTally {
  pairs: number;
  unpairedTruths: number;
  unpairedPredictions: number;
  /** Pairs whose truth is annotated, and those of them whose types agree. */
  annotatedPairs: number;
  agreeingPairs: number;
  readonly types: Map<number, TypeCounts>;
}

/** Type of a true nucleus that was not annotated. */
export const unannotatedType = -1;

/** Pairs the centroids of an image and counts. @throws ArgumentError for a nucleus without a type. */
export function tallyTypes(image: TypedImage, options: TypeTallyOptions): TypeTally {
  const truth = withDummy(image.truth, options);
  const prediction = withDummy(image.prediction, options);
  const truthTypes = truth.map((nucleus, index) => typeOf(nucleus, 'truth', index));
  const predictionTypes = prediction.map((nucleus, index) => typeOf(nucleus, 'prediction', index));
  const pairing = pairCentroids(
    truth.map((nucleus) => nucleus.centroid),
    prediction.map((nucleus) => nucleus.centroid),
    options,
  );
  const tally = createTally();
  for (const pair of pairing.pairs) addPair(tally, truthTypes[pair.truth]!, predictionTypes[pair.prediction]!);
  for (const index of pairing.unpairedTruths) countsOf(tally, truthTypes[index]!).unpaired++;
  for (const index of pairing.unpairedPredictions) countsOf(tally, predictionTypes[index]!).unpaired++;
  for (const type of truthTypes) countsOf(tally, type).truths++;
  tally.unpairedTruths = pairing.unpairedTruths.length;
  tally.unpairedPredictions = pairing.unpairedPredictions.length;
  return tally;
}

/** Counts of all images together. */
export function sumTallies(tallies: readonly TypeTally[]): TypeTally {
  const sum = createTally();
  for (const tally of tallies) {
    sum.pairs += tally.pairs;
    sum.unpairedTruths += tally.unpairedTruths;
    sum.unpairedPredictions += tally.unpairedPredictions;
    sum.annotatedPairs += tally.annotatedPairs;
    sum.agreeingPairs += tally.agreeingPairs;
    for (const [type, { agreeing, differing, unpaired, truths }] of tally.types) {
      const counts = countsOf(sum, type);
      counts.agreeing += agreeing;
      counts.differing += differing;
      counts.unpaired += unpaired;
      counts.truths += truths;
    }
  }
  return sum;
}

function createTally(): TypeTally {
  return {
    pairs: 0,
    unpairedTruths: 0,
    unpairedPredictions: 0,
    annotatedPairs: 0,
    agreeingPairs: 0,
    types: new Map(),
  };
}

function countsOf({ types }: TypeTally, type: number): TypeCounts {
  const known = types.get(type);
  if (known) return known;
  const counts = { agreeing: 0, differing: 0, unpaired: 0, truths: 0 };
  types.set(type, counts);
  return counts;
}

function addPair(tally: TypeTally, truth: number, prediction: number): void {
  tally.pairs++;
  if (truth !== unannotatedType) tally.annotatedPairs++;
  if (truth === prediction) {
    countsOf(tally, truth).agreeing++;
    if (truth !== unannotatedType) tally.agreeingPairs++;
    return;
  }
  countsOf(tally, truth).differing++;
  if (truth !== unannotatedType) countsOf(tally, prediction).differing++;
}

function withDummy(nuclei: readonly TypedNucleus[], { reference }: TypeTallyOptions): readonly TypedNucleus[] {
  return nuclei.length === 0 && reference === 'hover_net' ? [{ centroid: [0, 0], type: 0 }] : nuclei;
}

function typeOf(nucleus: TypedNucleus, side: string, index: number): number {
  if (nucleus.type !== null) return nucleus.type;
  throw new ArgumentError(
    `scoreTypes: expected a type for every nucleus, got none for ${side} ${index}; score untyped nuclei with scoreDetection`,
  );
}
