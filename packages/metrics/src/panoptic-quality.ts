// Panoptic quality PQ = DQ · SQ (Kirillov et al. 2019).
import { ArgumentError } from '@hovernet/core';
import { matchOverlaps } from './sparse-matching.js';
import { pairIou, type OverlapTable } from './overlap-table.js';

export interface PanopticQualityOptions {
  /**
   * IoU that a pair must exceed, 0…1 (1 excluded). From 0.5 on pairs are unique; below, truths and predictions are first
   * paired one to one so that the sum of IoU is greatest.
   * @default 0.5
   */
  readonly matchIou?: number;
}

/** A truth and the prediction that was found to be the same nucleus. */
export interface InstancePair {
  readonly truthId: number;
  readonly predictionId: number;
  readonly iou: number;
}

/** The three scores, 0…1, NaN where there is no instance on either side. */
export interface Quality {
  /** Detection quality, tp / (tp + fp/2 + fn/2). */
  readonly dq: number;
  /** Segmentation quality, Σ IoU / (tp + 1e-6): up to 1e-6 below the mean IoU of the pairs, as the original. */
  readonly sq: number;
  readonly pq: number;
}

export interface PanopticQuality extends Quality {
  /** Ascending by truth id. */
  readonly pairs: readonly InstancePair[];
  /** Ids of truths without a prediction, ascending. */
  readonly unpairedTruths: readonly number[];
  /** Ids of predictions without a truth, ascending. */
  readonly unpairedPredictions: readonly number[];
}

/**
 * Panoptic quality of a prediction. dq, sq and pq are NaN if both maps are empty (the original raises), 0 if one is.
 * @throws ArgumentError if `matchIou` is outside [0, 1).
 */
export function computePanopticQuality(table: OverlapTable, options: PanopticQualityOptions = {}): PanopticQuality {
  const { matchIou = 0.5 } = options;
  if (!(matchIou >= 0 && matchIou < 1)) {
    throw new ArgumentError(`computePanopticQuality: expected matchIou in [0, 1), got ${matchIou}`);
  }
  const ious = Float64Array.from(table.pairTruths, (_, pair) => pairIou(table, pair));
  const candidates = matchIou < 0.5 ? matchOverlaps(table, ious) : ious.keys();

  const truthTaken = new Uint8Array(table.truthIds.length);
  const predictionTaken = new Uint8Array(table.predictionIds.length);
  const pairs: InstancePair[] = [];
  let iouSum = 0;
  for (const pair of candidates) {
    if (pair < 0 || !(ious[pair]! > matchIou)) continue;
    const truth = table.pairTruths[pair]!;
    const prediction = table.pairPredictions[pair]!;
    truthTaken[truth] = 1;
    predictionTaken[prediction] = 1;
    iouSum += ious[pair]!;
    pairs.push({ truthId: table.truthIds[truth]!, predictionId: table.predictionIds[prediction]!, iou: ious[pair]! });
  }
  return {
    ...computeQuality(pairs.length, iouSum, table.truthIds.length + table.predictionIds.length),
    pairs,
    unpairedTruths: idsNotTaken(table.truthIds, truthTaken),
    unpairedPredictions: idsNotTaken(table.predictionIds, predictionTaken),
  };
}

/** Quality of `pairs` pairs with IoUs that add up to `iouSum`, among `instances` instances of both sides. */
export function computeQuality(pairs: number, iouSum: number, instances: number): Quality {
  const dq = (2 * pairs) / instances;
  const sq = instances === 0 ? NaN : iouSum / (pairs + 1e-6);
  return { dq, sq, pq: dq * sq };
}

function idsNotTaken(ids: Int32Array, taken: Uint8Array): number[] {
  return Array.from(ids).filter((_, index) => taken[index] === 0);
}
