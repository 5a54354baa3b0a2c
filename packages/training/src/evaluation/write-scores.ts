// The files that the scores of all tiles are left in.
import { join } from 'node:path';
import { writeFileAtomic } from '@hovernet/files/node';
import type { EvaluationDocument } from './evaluation-document.js';
import { listMetrics } from './list-metrics.js';
import { formatMetrics, formatRawValues, formatSummary, type ImageValue } from './metrics-tables.js';

/**
 * Writes `evaluation.json`, and `metrics.csv`, `val_mean_dice_raw.csv` and `val_mean_dice_summary.csv` as the bundle's
 * evaluation does. `document` is written whole; `dice` is that metric of each tile. Gives the path of `evaluation.json`.
 */
export async function writeScores(
  folder: string,
  document: EvaluationDocument,
  dice: readonly ImageValue[],
): Promise<string> {
  const path = join(folder, 'evaluation.json');
  await writeFileAtomic(join(folder, 'metrics.csv'), formatMetrics(listMetrics(document)));
  await writeFileAtomic(join(folder, 'val_mean_dice_raw.csv'), formatRawValues(dice));
  await writeFileAtomic(join(folder, 'val_mean_dice_summary.csv'), formatSummary(dice));
  await writeFileAtomic(path, `${JSON.stringify(document, null, 2)}\n`);
  return path;
}
