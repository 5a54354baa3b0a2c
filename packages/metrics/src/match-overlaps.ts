// One-to-one pairing of overlapping instances.
import type { OverlapTable } from './overlap-table.js';
import { matchSparse } from './sparse-matching.js';

/** The pair chosen for each truth, −1 for none, so that the sum of `costs` (≤ 0, one for each pair) is smallest. */
export function matchOverlaps(table: OverlapTable, costs: Float64Array): Int32Array {
  return matchSparse({
    rows: table.truthIds.length,
    columns: table.predictionIds.length,
    edgeRows: table.pairTruths,
    edgeColumns: table.pairPredictions,
    costs,
    unmatchedCost: 0,
  });
}
