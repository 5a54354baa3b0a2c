// One-to-one pairing of overlapping instances.
import type { OverlapTable } from './overlap-table.js';
import { matchSparse } from './sparse-matching.js';

/** The pair chosen for each truth, −1 for none, so that the sum of `weights` (≥ 0, one for each pair) is greatest. */
export function matchOverlaps(table: OverlapTable, weights: Float64Array): Int32Array {
  return matchSparse({
    rows: table.truthIds.length,
    columns: table.predictionIds.length,
    edgeRows: table.pairTruths,
    edgeColumns: table.pairPredictions,
    costs: weights.map((weight) => -weight),
    unmatchedCost: 0,
  });
}
