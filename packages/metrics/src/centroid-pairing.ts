// Pairs the centroids of true and predicted nuclei that lie within a radius of each other.
import { ArgumentError, type Point } from '@hovernet/core';
import { solveAssignment } from './assignment.js';
import { matchSparse } from './sparse-matching.js';

export interface PairingOptions {
  /**
   * Greatest distance of a pair, in the centroids' unit, included.
   * @default 12
   */
  readonly radiusPx?: number;
  /**
   * `global`, as the original: all points are assigned at the smallest total distance, then pairs beyond the radius are
   * dropped; close pairs can be lost to it, and costs grow with truths × predictions.
   * `gated`: only pairs within the radius are allowed; as many as possible, then at the smallest total distance.
   * @default 'global'
   */
  readonly pairing?: 'global' | 'gated';
}

/** Indices into the two lists, and their distance. */
export interface CentroidPair {
  readonly truth: number;
  readonly prediction: number;
  readonly distancePx: number;
}

export interface CentroidPairing {
  /** Ascending by truth. */
  readonly pairs: readonly CentroidPair[];
  /** Indices without a partner, ascending. */
  readonly unpairedTruths: readonly number[];
  readonly unpairedPredictions: readonly number[];
}

/**
 * Pairs points one to one. Either list may be empty.
 * @throws ArgumentError if a coordinate is not finite or the radius is negative.
 */
export function pairCentroids(
  truth: readonly Point[],
  prediction: readonly Point[],
  options: PairingOptions = {},
): CentroidPairing {
  const { radiusPx = 12, pairing = 'global' } = options;
  if (!(radiusPx >= 0)) throw new ArgumentError(`pairCentroids: expected radiusPx ≥ 0, got ${radiusPx}`);
  assertFinite('truth', truth);
  assertFinite('prediction', prediction);
  const pairs =
    pairing === 'gated' ? pairWithinRadius(truth, prediction, radiusPx) : pairAll(truth, prediction, radiusPx);
  const pairedTruths = new Set(pairs.map((pair) => pair.truth));
  const pairedPredictions = new Set(pairs.map((pair) => pair.prediction));
  return {
    pairs,
    unpairedTruths: Array.from(truth.keys()).filter((index) => !pairedTruths.has(index)),
    unpairedPredictions: Array.from(prediction.keys()).filter((index) => !pairedPredictions.has(index)),
  };
}

function pairAll(truth: readonly Point[], prediction: readonly Point[], radiusPx: number): CentroidPair[] {
  const columns = prediction.length;
  const costs = new Float64Array(truth.length * columns);
  truth.forEach((point, row) => {
    for (let column = 0; column < columns; column++) {
      costs[row * columns + column] = distanceBetween(point, prediction[column]!);
    }
  });
  const pairs: CentroidPair[] = [];
  solveAssignment(costs, truth.length, columns).forEach((column, row) => {
    if (column < 0) return;
    const distancePx = costs[row * columns + column]!;
    if (distancePx <= radiusPx) pairs.push({ truth: row, prediction: column, distancePx });
  });
  return pairs;
}

function pairWithinRadius(truth: readonly Point[], prediction: readonly Point[], radiusPx: number): CentroidPair[] {
  const candidates = findPairsWithin(truth, prediction, radiusPx);
  const edgeOfRow = matchSparse({
    rows: truth.length,
    columns: prediction.length,
    edgeRows: Int32Array.from(candidates, (pair) => pair.truth),
    edgeColumns: Int32Array.from(candidates, (pair) => pair.prediction),
    costs: Float64Array.from(candidates, (pair) => pair.distancePx),
    // Dearer than all distances together: no pair is given up to shorten the others.
    unmatchedCost: radiusPx * (Math.min(truth.length, prediction.length) + 1) + 1,
  });
  return Array.from(
    edgeOfRow.filter((edge) => edge >= 0),
    (edge) => candidates[edge]!,
  );
}

/** All pairs within the radius, ascending by truth; predictions are searched in a strip of columns around each truth. */
function findPairsWithin(truth: readonly Point[], prediction: readonly Point[], radiusPx: number): CentroidPair[] {
  const byX = Array.from(prediction.keys()).sort((a, b) => prediction[a]![0] - prediction[b]![0] || a - b);
  const xs = Float64Array.from(byX, (index) => prediction[index]![0]);
  const pairs: CentroidPair[] = [];
  truth.forEach((point, row) => {
    for (let k = lowerBound(xs, point[0] - radiusPx); k < xs.length && xs[k]! <= point[0] + radiusPx; k++) {
      const distancePx = distanceBetween(point, prediction[byX[k]!]!);
      if (distancePx <= radiusPx) pairs.push({ truth: row, prediction: byX[k]!, distancePx });
    }
  });
  return pairs;
}

/** Index of the first value ≥ `bound` in ascending `values`. */
function lowerBound(values: Float64Array, bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function distanceBetween(a: Point, b: Point): number {
  const dx = a[0] - b[0];
  const dy = a[1] - b[1];
  return Math.sqrt(dx * dx + dy * dy);
}

function assertFinite(name: string, points: readonly Point[]): void {
  const index = points.findIndex(([x, y]) => !Number.isFinite(x) || !Number.isFinite(y));
  if (index < 0) return;
  throw new ArgumentError(
    `pairCentroids: expected finite ${name} centroids, got [${points[index]!.join(', ')}] at ${index}`,
  );
}
