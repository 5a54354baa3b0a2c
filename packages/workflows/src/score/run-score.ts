// The score workflow: metrics of predicted maps against true ones, file by file.
import {
  scoreInstanceFolders,
  scoreTypeFolders,
  type ScoreTypeFoldersOptions,
  type TypeScoresDocument,
} from '@hovernet/training/evaluation';
import { formatTable } from '../report/format-table.js';
import { formatInstanceTable, formatPanoptic } from '../report/score-tables.js';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';

export interface ScoreOptions extends ScoreTypeFoldersOptions {
  /** Instance maps, or centroids with types. */
  readonly mode: 'instance' | 'type';
}

/** Scores every pair of files. A file that cannot be read is reported, the rest is scored; all bad is an error. */
export async function runScore({ mode, ...options }: ScoreOptions, context: WorkflowContext): Promise<WorkflowOutcome> {
  if (mode === 'type') {
    const { document, failures } = await scoreTypeFolders(options, context);
    return { document, summary: formatTypes(document), failures };
  }
  const { document, failures } = await scoreInstanceFolders(options, context);
  const { interval_95: interval95, panoptic } = document;
  const instances = formatInstanceTable('image', { ...document, interval95 });
  return { document, summary: panoptic ? `${instances}\n\n${formatPanoptic(panoptic)}` : instances, failures };
}

function formatTypes({ f1d, acc, f1, interval_95, r2 }: TypeScoresDocument): string {
  const rows = [
    ['F1d', f1d, ...interval_95.f1d],
    ['accuracy', acc, ...interval_95.acc],
    ...Object.entries(f1).map(([type, value]) => [`F1 type ${type}`, value, ...interval_95.f1[type]!]),
    ['R² of counts', r2.mean, null, null],
  ];
  return formatTable(['metric', 'value', '95 % from', '95 % to'], rows);
}
