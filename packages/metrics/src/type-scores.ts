// Classification of detected nuclei: pooled F1d, accuracy and F1 of each type (Graham et al. 2019, F_d and F_c).
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

export interface TypeScoreOptions extends PairingOptions {
  /**
   * Types to score.
   * @default every type that occurs in the truth, but for −1
   */
  readonly types?: readonly number[];
  /**
   * `original` puts one nucleus of type 0 at (0, 0) where an image has no true or no predicted nuclei, as the original
   * does; it counts, and may pair with a nucleus near the corner.
   * @default 'none'
   */
  readonly compat?: 'none' | 'original';
}

export interface TypeScores {
  /** Detection: 2·tp / (2·tp + fp + fn), 0…1; NaN where there is no nucleus at all. */
  readonly f1d: number;
  /** Share of pairs whose types agree; NaN without pairs. */
  readonly accuracy: number;
  /** F1 by type; NaN where nothing has the type. */
  readonly f1: Readonly<Record<number, number>>;
}

/** Types of both sides of each pair, and of what was left over. */
interface PairedTypes {
  readonly pairs: (readonly [truth: number, prediction: number])[];
  readonly unpairedTruths: number[];
  readonly unpairedPredictions: number[];
}

const unannotatedType = -1;

/**
 * Pairs the centroids of each image, then scores the pairs of all images together. F1 of type c is
 * 2·tp / (2·tp + 2·fp + 2·fn + fpd + fnd): pairs of type c on both sides, on the prediction's only (but for unannotated
 * truths), on the truth's only, and unpaired predictions and truths of type c.
 * @throws ArgumentError for a nucleus without a type.
 */
export function scoreTypes(images: readonly TypedImage[], options: TypeScoreOptions = {}): TypeScores {
  const pool: PairedTypes = { pairs: [], unpairedTruths: [], unpairedPredictions: [] };
  for (const image of images) addImage(pool, image, options);
  const types = options.types ?? findTrueTypes(pool);
  const { pairs, unpairedTruths, unpairedPredictions } = pool;
  return {
    f1d: (2 * pairs.length) / (2 * pairs.length + unpairedPredictions.length + unpairedTruths.length),
    accuracy: computeAccuracy(pool),
    f1: Object.fromEntries(types.map((type) => [type, computeTypeF1(pool, type)])),
  };
}

function addImage(pool: PairedTypes, image: TypedImage, options: TypeScoreOptions): void {
  const truth = withDummy(image.truth, options);
  const prediction = withDummy(image.prediction, options);
  const truthTypes = truth.map((nucleus, index) => typeOf(nucleus, 'truth', index));
  const predictionTypes = prediction.map((nucleus, index) => typeOf(nucleus, 'prediction', index));
  const pairing = pairCentroids(
    truth.map((nucleus) => nucleus.centroid),
    prediction.map((nucleus) => nucleus.centroid),
    options,
  );
  for (const pair of pairing.pairs) pool.pairs.push([truthTypes[pair.truth]!, predictionTypes[pair.prediction]!]);
  for (const index of pairing.unpairedTruths) pool.unpairedTruths.push(truthTypes[index]!);
  for (const index of pairing.unpairedPredictions) pool.unpairedPredictions.push(predictionTypes[index]!);
}

function withDummy(nuclei: readonly TypedNucleus[], options: TypeScoreOptions): readonly TypedNucleus[] {
  return nuclei.length === 0 && options.compat === 'original' ? [{ centroid: [0, 0], type: 0 }] : nuclei;
}

function typeOf(nucleus: TypedNucleus, side: string, index: number): number {
  if (nucleus.type !== null) return nucleus.type;
  throw new ArgumentError(
    `scoreTypes: expected a type for every nucleus, got none for ${side} ${index}; score untyped nuclei with scoreDetection`,
  );
}

function findTrueTypes(pool: PairedTypes): number[] {
  const types = new Set([...pool.pairs.map(([truth]) => truth), ...pool.unpairedTruths]);
  types.delete(unannotatedType);
  return [...types].sort((a, b) => a - b);
}

function computeAccuracy({ pairs }: PairedTypes): number {
  const annotated = pairs.filter(([truth]) => truth !== unannotatedType);
  return annotated.filter(([truth, prediction]) => truth === prediction).length / annotated.length;
}

function computeTypeF1({ pairs, unpairedTruths, unpairedPredictions }: PairedTypes, type: number): number {
  let agreeing = 0;
  let differing = 0;
  for (const [truth, prediction] of pairs) {
    if (truth === type && prediction === type) agreeing++;
    else if (truth === type || (prediction === type && truth !== unannotatedType)) differing++;
  }
  const isType = (other: number) => other === type;
  const unpaired = unpairedTruths.filter(isType).length + unpairedPredictions.filter(isType).length;
  return (2 * agreeing) / (2 * agreeing + 2 * differing + unpaired);
}
