// The scores of all tiles as one document: what is printed with `--json` and written to evaluation.json.
import {
  averageInstanceScores,
  bootstrapIntervals,
  computeMean,
  estimateInstanceIntervals,
  estimateTypeIntervals,
  scoreCounts,
  scoreDetection,
  scoreTypes,
  type BootstrapOptions,
  type DetectionImage,
  type DetectionScores,
  type Interval,
  type PairingOptions,
} from '@hovernet/metrics';
import { toInstanceRecord, toPanopticRecord, type InstanceRecord, type PanopticRecord } from './score-records.js';
import type { ScoredTile } from './score-tile.js';

/** Scores of the nuclei of all tiles together, or their intervals. */
interface DetectionRecord<Value = number> {
  readonly f1d: Value;
  readonly precision: Value;
  readonly recall: Value;
}

/** Scores of types, or their intervals. */
export interface TypeRecord<Value> {
  readonly f1d: Value;
  readonly acc: Value;
  readonly f1: Readonly<Record<string, Value>>;
}

/** NaN, which JSON has as null: there is nothing that could be scored. */
export interface EvaluationDocument {
  readonly images: readonly ({ readonly name: string } & InstanceRecord)[];
  /** Mean over the tiles for which a metric is defined. */
  readonly mean: InstanceRecord;
  /** Null without a type branch. */
  readonly type: TypeRecord<number> | null;
  /** The bundle's figure: mean Dice of the post-processed foreground over the tiles that have annotated nuclei. */
  readonly val_mean_dice: number;
  /** Of the nuclei of all tiles, with or without types. */
  readonly detection: DetectionRecord;
  /** Null without a type branch. */
  readonly panoptic: PanopticRecord | null;
  /** R² over tiles of the numbers of nuclei: of each type, in the mean, of all. */
  readonly r2: { readonly types: Readonly<Record<string, number>>; readonly mean: number; readonly total: number };
  /** Bootstrap intervals over the tiles. */
  readonly interval_95: {
    readonly val_mean_dice: Interval;
    readonly mean: InstanceRecord<Interval>;
    readonly detection: DetectionRecord<Interval>;
    readonly type: TypeRecord<Interval> | null;
  };
}

export interface EvaluationOptions extends BootstrapOptions {
  /** How centroids are paired. @default 'global' */
  readonly pairing?: 'global' | 'gated';
}

/** Scores of `tiles`, at least one, with seeded 95 % intervals. */
export function createEvaluationDocument(
  tiles: readonly ScoredTile[],
  options: EvaluationOptions = {},
): EvaluationDocument {
  const metrics = tiles.map((tile) => tile.metrics);
  const nuclei = tiles.map((tile) => tile.nuclei);
  const tallies = tiles.flatMap(({ tally }) => tally ?? []);
  const typed = tallies.length === tiles.length;
  const detection = scoreFoundNuclei(nuclei, options);
  const { r2, meanR2, totalR2 } = scoreCounts(nuclei);
  const { dice } = bootstrapIntervals(tiles, (drawn) => ({ dice: computeValMeanDice(drawn) }), options);
  return {
    images: tiles.map((tile) => ({ name: tile.name, ...toInstanceRecord(tile.metrics) })),
    mean: toInstanceRecord(averageInstanceScores(metrics)),
    type: typed ? toTypeRecord(scoreTypes(nuclei, options)) : null,
    val_mean_dice: computeValMeanDice(tiles),
    detection: detection.scores,
    panoptic: typed ? toPanopticRecord(tallies, options) : null,
    r2: { types: r2, mean: meanR2, total: totalR2 },
    interval_95: {
      val_mean_dice: dice,
      mean: toInstanceRecord(estimateInstanceIntervals(metrics, options)),
      detection: detection.intervals,
      type: typed ? toTypeRecord(estimateTypeIntervals(nuclei, options)) : null,
    },
  };
}

function computeValMeanDice(tiles: readonly ScoredTile[]): number {
  return computeMean(tiles.map(({ maskDice }) => maskDice));
}

function toTypeRecord<Value>({
  f1d,
  accuracy,
  f1,
}: {
  readonly f1d: Value;
  readonly accuracy: Value;
  readonly f1: Readonly<Record<string, Value>>;
}): TypeRecord<Value> {
  return { f1d, acc: accuracy, f1 };
}

/** Scores and their intervals over tiles; the centroids of each tile are paired once. */
function scoreFoundNuclei(
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
