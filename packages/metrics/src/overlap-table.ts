// The sparse table of overlapping instances that every instance metric is computed from.
import { ArgumentError, assertLabelMap, assertSameSize, toContiguous, type LabelMap } from '@hovernet/core';
import { PairCounter } from './pair-counter.js';

/** Areas of the instances of two label maps and the intersections of those that overlap, in pixels. */
export interface OverlapTable {
  /** Ids in the truth, ascending; background (0) is not among them. */
  readonly truthIds: Int32Array;
  /** Area of each truth instance, in the order of `truthIds`. */
  readonly truthAreas: Int32Array;
  /** Ids in the prediction, ascending. */
  readonly predictionIds: Int32Array;
  readonly predictionAreas: Int32Array;
  /** Index into `truthIds` of each overlapping pair; pairs ascend by truth, then by prediction. */
  readonly pairTruths: Int32Array;
  /** Index into `predictionIds` of each overlapping pair. */
  readonly pairPredictions: Int32Array;
  /** Common pixels of each pair, ≥ 1. */
  readonly intersections: Int32Array;
}

/**
 * One linear pass over two label maps `[height, width]`. Ids may be any positive int32, with gaps; nothing grows with
 * the product of the two numbers of instances.
 * @throws ShapeError if the maps differ in size or are no label maps; ArgumentError for a negative id.
 */
export function computeOverlapTable(truth: LabelMap, prediction: LabelMap): OverlapTable {
  assertLabelMap('computeOverlapTable: truth', truth);
  assertLabelMap('computeOverlapTable: prediction', prediction);
  assertSameSize('computeOverlapTable: prediction', truth, prediction);
  return tabulate(countPairs(toContiguous(truth), toContiguous(prediction)));
}

/** Intersection over union of pair `pair`, with `epsilon` added to the union. */
export function pairIou(table: OverlapTable, pair: number, epsilon = 0): number {
  return table.intersections[pair]! / (pairUnion(table, pair) + epsilon);
}

/** Pixels that at least one of the two instances of pair `pair` covers. */
export function pairUnion(table: OverlapTable, pair: number): number {
  const truthArea = table.truthAreas[table.pairTruths[pair]!]!;
  const predictionArea = table.predictionAreas[table.pairPredictions[pair]!]!;
  return truthArea + predictionArea - table.intersections[pair]!;
}

/** Sum of integer counts. */
export function sumCounts(counts: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}

// Runs of equal pairs are counted first, so that the hash table is touched once a run instead of once a pixel.
function countPairs(truth: Int32Array, prediction: Int32Array): PairCounter {
  const counter = new PairCounter();
  let truthId = 0;
  let predictionId = 0;
  let runStart = 0;
  for (let i = 0; i <= truth.length; i++) {
    if (i < truth.length && truth[i] === truthId && prediction[i] === predictionId) continue;
    if ((truthId | predictionId) < 0) {
      const id = Math.min(truthId, predictionId);
      throw new ArgumentError(`computeOverlapTable: expected ids ≥ 0, got ${id} at pixel ${runStart}`);
    }
    if (truthId !== 0 || predictionId !== 0) counter.add(truthId, predictionId, i - runStart);
    runStart = i;
    truthId = truth[i]!;
    predictionId = prediction[i]!;
  }
  return counter;
}

function tabulate(counter: PairCounter): OverlapTable {
  const { first, second, counts, size } = counter;
  const order = Uint32Array.from({ length: size }, (_, entry) => entry);
  order.sort((a, b) => first[a]! - first[b]! || second[a]! - second[b]!);

  const truthIds = distinctIds(first.subarray(0, size));
  const predictionIds = distinctIds(second.subarray(0, size));
  const predictionIndex = new Map<number, number>();
  predictionIds.forEach((id, index) => predictionIndex.set(id, index));

  const truthAreas = new Int32Array(truthIds.length);
  const predictionAreas = new Int32Array(predictionIds.length);
  const pairTruths: number[] = [];
  const pairPredictions: number[] = [];
  const intersections: number[] = [];
  let truthIndex = -1;
  for (const entry of order) {
    const truthId = first[entry]!;
    const predictionId = second[entry]!;
    if (truthId !== 0) {
      if (truthIds[truthIndex] !== truthId) truthIndex++;
      truthAreas[truthIndex]! += counts[entry]!;
    }
    if (predictionId !== 0) predictionAreas[predictionIndex.get(predictionId)!]! += counts[entry]!;
    if (truthId !== 0 && predictionId !== 0) {
      pairTruths.push(truthIndex);
      pairPredictions.push(predictionIndex.get(predictionId)!);
      intersections.push(counts[entry]!);
    }
  }
  return {
    truthIds,
    truthAreas,
    predictionIds,
    predictionAreas,
    pairTruths: Int32Array.from(pairTruths),
    pairPredictions: Int32Array.from(pairPredictions),
    intersections: Int32Array.from(intersections),
  };
}

function distinctIds(ids: Int32Array): Int32Array {
  const distinct = new Set(ids);
  distinct.delete(0);
  return Int32Array.from(distinct).sort();
}
