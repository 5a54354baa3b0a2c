// The scores as tables for people.
import type { Interval } from '@hovernet/metrics';
import { formatTable, type TableCell } from '../report/format-table.js';
import { formatInstanceTable, listPanopticRows } from '../report/score-tables.js';
import type { EvaluationDocument } from '@hovernet/training/evaluation';

/** Tiles with their mean, scores of all tiles with intervals, and classes under their names. */
export function formatEvaluation(
  document: EvaluationDocument,
  classes: readonly { readonly id: number; readonly name: string }[],
): string {
  const { images, mean, interval_95 } = document;
  const tables = [
    formatInstanceTable('tile', { images, mean, interval95: interval_95.mean }),
    formatTable(['all tiles', 'score', '95 % from', '95 % to'], listOverall(document)),
  ];
  if (document.type) tables.push(formatClasses(document, classes));
  return tables.join('\n\n');
}

function listOverall(document: EvaluationDocument): TableCell[][] {
  const { detection, type, panoptic, r2, interval_95 } = document;
  const row = (name: string, value: number, interval: Interval): TableCell[] => [name, value, ...interval];
  return [
    row('binary Dice (val_mean_dice)', document.val_mean_dice, interval_95.val_mean_dice),
    ...(panoptic ? listPanopticRows(panoptic) : []),
    row('F1d', detection.f1d, interval_95.detection.f1d),
    ...(type && interval_95.type ? [row('accuracy of types', type.acc, interval_95.type.acc)] : []),
    ['R² of counts', r2.total, null, null],
  ];
}

function formatClasses(
  { type, panoptic, r2, interval_95 }: EvaluationDocument,
  classes: readonly { readonly id: number; readonly name: string }[],
): string {
  const nameOf = (id: string) => classes.find((known) => String(known.id) === id)?.name ?? `type ${id}`;
  const rows = Object.entries(type!.f1).map(([id, f1]): TableCell[] => {
    const quality = panoptic!.types[id];
    const cells = [quality?.dq ?? null, quality?.sq ?? null, quality?.pq ?? null, r2.types[id] ?? null];
    return [nameOf(id), f1, ...interval_95.type!.f1[id]!, ...cells];
  });
  return formatTable(['class', 'F1', '95 % from', '95 % to', 'DQ', 'SQ', 'PQ', 'R² of counts'], rows);
}
