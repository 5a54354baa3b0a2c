// Aggregated Jaccard index (Kumar et al. 2017) and its one-to-one variant AJI+ (Graham et al. 2019).
import { matchOverlaps } from './sparse-matching.js';
import { pairIou, pairUnion, sumCounts, type OverlapTable } from './overlap-table.js';

// The original adds this to every union; it decides which of two nearly equal overlaps is the better one.
const unionEpsilon = 1e-6;

/**
 * Aggregated Jaccard index, 0…1: every truth takes the prediction of greatest IoU (the lower id on ties; a prediction may
 * be taken more than once), then Σ intersections / (Σ unions + areas of everything not taken).
 * NaN if both maps are empty, 0 if one is (without predictions the original raises). Not symmetric.
 */
export function computeAji(table: OverlapTable): number {
  const pairOfTruth = new Int32Array(table.truthIds.length).fill(-1);
  for (let pair = 0; pair < table.pairTruths.length; pair++) {
    const truth = table.pairTruths[pair]!;
    const best = pairOfTruth[truth]!;
    if (best < 0 || pairIou(table, pair, unionEpsilon) > pairIou(table, best, unionEpsilon)) pairOfTruth[truth] = pair;
  }
  return aggregate(table, pairOfTruth);
}

/**
 * AJI+, 0…1: as {@link computeAji}, but truths and predictions are paired one to one so that the sum of IoU is greatest.
 * NaN if both maps are empty, 0 if one is. As the original.
 */
export function computeAjiPlus(table: OverlapTable): number {
  const ious = Float64Array.from(table.pairTruths, (_, pair) => pairIou(table, pair, unionEpsilon));
  return aggregate(table, matchOverlaps(table, ious));
}

function aggregate(table: OverlapTable, pairOfTruth: Int32Array): number {
  const taken = new Uint8Array(table.predictionIds.length);
  let intersection = 0;
  let union = sumCounts(table.predictionAreas);
  pairOfTruth.forEach((pair, truth) => {
    if (pair < 0) {
      union += table.truthAreas[truth]!;
      return;
    }
    const prediction = table.pairPredictions[pair]!;
    intersection += table.intersections[pair]!;
    union += pairUnion(table, pair);
    if (taken[prediction] === 0) union -= table.predictionAreas[prediction]!;
    taken[prediction] = 1;
  });
  return intersection / union;
}
