// Panoptic quality of typed instances: bPQ and mPQ (Gamper et al. 2020, PanNuke), mPQ+ (Graham et al. 2021, CoNIC).
import { ArgumentError, type LabelMap } from '@hovernet/core';
import { bootstrapIntervals, type BootstrapOptions, type Interval } from './bootstrap.js';
import { computeMean } from './mean.js';
import { computeOverlapTable, pairIou, type OverlapTable } from './overlap-table.js';
import { computeQuality, type Quality } from './panoptic-quality.js';

/** A label map `[height, width]` and the type of each of its ids; a segmentation with its nuclei fits. */
export interface TypedInstances {
  readonly instanceMap: LabelMap;
  readonly nuclei: readonly { readonly id: number; readonly type: number | null }[];
}

/** True and predicted instances of one image, label maps of the same size. */
export interface TypedInstancePair {
  readonly truth: TypedInstances;
  readonly prediction: TypedInstances;
}

export interface TypedPanopticOptions {
  /**
   * Types to score.
   * @default every type that occurs in the truth
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

/** What a type, or all of them, adds up to. */
interface PairCounts {
  pairs: number;
  iouSum: number;
  truths: number;
  predictions: number;
}

/** Counts of one image, of all instances and by type. */
interface ImageCounts {
  readonly all: PairCounts;
  readonly types: ReadonlyMap<number, PairCounts>;
}

/**
 * bPQ, mPQ, mPQ+ and the quality of each type, at IoU above 0.5. Instances pair within a type: one that is found with another
 * type is missed in the first and invented in the second. As PanNuke, an image does not count in mPQ for a type that its
 * truth lacks, even where it is predicted. Linear in the pixels.
 * @throws ShapeError if maps differ in size; ArgumentError for an id without a type.
 */
export function scoreTypedInstances(
  images: readonly TypedInstancePair[],
  options: TypedPanopticOptions = {},
): TypedPanopticScores {
  const counts = images.map(countImage);
  return scoreCounts(counts, options.types ?? findTrueTypes(counts));
}

/** Bootstrap intervals over images of bPQ, mPQ and mPQ+. */
export function estimateTypedInstanceIntervals(
  images: readonly TypedInstancePair[],
  options: TypedPanopticOptions & BootstrapOptions = {},
): Readonly<Record<'bpq' | 'mpq' | 'mpqPlus', Interval>> {
  const counts = images.map(countImage);
  const types = options.types ?? findTrueTypes(counts);
  const score = (drawn: readonly ImageCounts[]) => {
    const { bpq, mpq, mpqPlus } = scoreCounts(drawn, types);
    return { bpq, mpq, mpqPlus };
  };
  return bootstrapIntervals(counts, score, options);
}

function countImage({ truth, prediction }: TypedInstancePair): ImageCounts {
  const table = computeOverlapTable(truth.instanceMap, prediction.instanceMap);
  const truthTypes = listTypes('truth', table.truthIds, truth);
  const predictionTypes = listTypes('prediction', table.predictionIds, prediction);
  const all = { ...createCounts(), truths: truthTypes.length, predictions: predictionTypes.length };
  const types = new Map<number, PairCounts>();
  const countsOf = (type: number) => {
    const counts = types.get(type) ?? createCounts();
    types.set(type, counts);
    return counts;
  };
  for (const type of truthTypes) countsOf(type).truths++;
  for (const type of predictionTypes) countsOf(type).predictions++;
  visitPairs(table, (truthIndex, predictionIndex, iou) => {
    addPair(all, iou);
    const type = truthTypes[truthIndex]!;
    if (type === predictionTypes[predictionIndex]) addPair(countsOf(type), iou);
  });
  return { all, types };
}

function createCounts(): PairCounts {
  return { pairs: 0, iouSum: 0, truths: 0, predictions: 0 };
}

function listTypes(side: string, ids: Int32Array, { nuclei }: TypedInstances): number[] {
  const typeOf = new Map(nuclei.map(({ id, type }) => [id, type]));
  return Array.from(ids, (id) => {
    const type = typeOf.get(id);
    if (type !== null && type !== undefined) return type;
    throw new ArgumentError(`scoreTypedInstances: expected a type for every id, got none for ${side} ${id}`);
  });
}

/** Calls `visit` with every pair above an IoU of half: such pairs are unique. */
function visitPairs(
  table: OverlapTable,
  visit: (truthIndex: number, predictionIndex: number, iou: number) => void,
): void {
  for (let pair = 0; pair < table.pairTruths.length; pair++) {
    const iou = pairIou(table, pair);
    if (iou > 0.5) visit(table.pairTruths[pair]!, table.pairPredictions[pair]!, iou);
  }
}

function addPair(counts: PairCounts, iou: number): void {
  counts.pairs++;
  counts.iouSum += iou;
}

function findTrueTypes(images: readonly ImageCounts[]): number[] {
  const types = new Set(
    images.flatMap((image) => Array.from(image.types).flatMap(([type, { truths }]) => (truths > 0 ? [type] : []))),
  );
  return [...types].sort((a, b) => a - b);
}

function scoreCounts(images: readonly ImageCounts[], types: readonly number[]): TypedPanopticScores {
  const pooled = types.map((type) => [type, toQuality(sumType(images, type))] as const);
  return {
    bpq: computeMean(images.map(({ all }) => toQuality(all).pq)),
    mpq: computeMean(images.map((image) => averageTypes(image, types))),
    mpqPlus: computeMean(pooled.map(([, { pq }]) => pq)),
    types: Object.fromEntries(pooled),
  };
}

function averageTypes(image: ImageCounts, types: readonly number[]): number {
  const present = types.flatMap((type) => image.types.get(type) ?? []).filter(({ truths }) => truths > 0);
  return computeMean(present.map((counts) => toQuality(counts).pq));
}

function sumType(images: readonly ImageCounts[], type: number): PairCounts {
  const sum = createCounts();
  for (const image of images) {
    const counts = image.types.get(type);
    if (!counts) continue;
    sum.pairs += counts.pairs;
    sum.iouSum += counts.iouSum;
    sum.truths += counts.truths;
    sum.predictions += counts.predictions;
  }
  return sum;
}

function toQuality({ pairs, iouSum, truths, predictions }: PairCounts): Quality {
  return computeQuality(pairs, iouSum, truths + predictions);
}
