// Dice of the foregrounds, and Dice over overlapping instances (Vu et al. 2019).
import { pairUnion, sumCounts, type OverlapTable } from './overlap-table.js';

/**
 * Dice of the two foregrounds, 2·|T∩P| / (|T| + |P|), 0…1. NaN if both maps are empty, 0 if one is.
 * As the original's `get_dice_1`.
 */
export function computeDice(table: OverlapTable): number {
  const common = sumCounts(table.intersections);
  return (2 * common) / (sumCounts(table.truthAreas) + sumCounts(table.predictionAreas));
}

/**
 * Instance-weighted Dice: 2·Σ|t∩p| / Σ(|t| + |p|) over all overlapping pairs, 0…1.
 * NaN if both maps are empty, 0 if nothing overlaps (the original raises in both cases).
 */
export function computeDice2(table: OverlapTable): number {
  const pairs = table.intersections.length;
  if (pairs === 0) return table.truthIds.length + table.predictionIds.length === 0 ? NaN : 0;
  let common = 0;
  let total = 0;
  for (let pair = 0; pair < pairs; pair++) {
    common += table.intersections[pair]!;
    total += pairUnion(table, pair) + table.intersections[pair]!;
  }
  return (2 * common) / total;
}
