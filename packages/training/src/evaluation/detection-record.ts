// How well nuclei are found, whatever their types.
import {
  bootstrapIntervals,
  scoreDetection,
  type BootstrapOptions,
  type DetectionImage,
  type DetectionScores,
  type Interval,
  type PairingOptions,
} from '@hovernet/metrics';

/** Scores of the nuclei of all tiles together, or their intervals. */
export interface DetectionRecord<Value = number> {
  readonly f1d: Value;
  readonly precision: Value;
  readonly recall: Value;
}

/** Scores and their intervals over tiles; the centroids of each tile are paired once. */
export function scoreFoundNuclei(
  tiles: readonly DetectionImage[],
  options: PairingOptions & BootstrapOptions = {},
): { readonly scores: DetectionRecord; readonly intervals: DetectionRecord<Interval> } {
  const counts = tiles.map((tile) => scoreDetection([tile], options));
  return { scores: poolCounts(counts), intervals: bootstrapIntervals(counts, poolCounts, options) };
}

function poolCounts(tiles: readonly DetectionScores[]): Readonly<Record<keyof DetectionRecord, number>> {
  let [found, invented, missed] = [0, 0, 0];
  for (const { truePositives, falsePositives, falseNegatives } of tiles) {
    found += truePositives;
    invented += falsePositives;
    missed += falseNegatives;
  }
  return {
    f1d: (2 * found) / (2 * found + invented + missed),
    precision: found / (found + invented),
    recall: found / (found + missed),
  };
}
