// Scores as tables: instance metrics of images, panoptic quality of types.
import type { Interval } from '@hovernet/metrics';
import type { InstanceRecord, PanopticRecord } from '@hovernet/training/evaluation';
import { formatTable, type TableCell } from './format-table.js';

export interface InstanceTable {
  readonly images: readonly ({ readonly name: string } & InstanceRecord)[];
  readonly mean: InstanceRecord;
  readonly interval95: InstanceRecord<Interval>;
}

/** `header` says what the rows are. One image has no interval. */
export function formatInstanceTable(header: string, { images, mean, interval95 }: InstanceTable): string {
  const rows = [...images, { name: 'mean', ...mean }].map((row): TableCell[] => Object.values(row));
  if (images.length > 1) {
    const intervals = Object.values<Interval>({ ...interval95 });
    rows.push(['95 % from', ...intervals.map(([low]) => low)]);
    rows.push(['95 % to', ...intervals.map(([, high]) => high)]);
  }
  return formatTable([header, 'Dice', 'AJI', 'AJI+', 'DQ', 'SQ', 'PQ'], rows);
}

/** Rows `metric, value, 95 % from, 95 % to`. */
export function listPanopticRows({ bpq, mpq, mpq_plus, interval_95 }: PanopticRecord): TableCell[][] {
  return [
    ['bPQ', bpq, ...interval_95.bpq],
    ['mPQ', mpq, ...interval_95.mpq],
    ['mPQ+', mpq_plus, ...interval_95.mpq_plus],
  ];
}

/** Qualities of all images together, then of each type. */
export function formatPanoptic(panoptic: PanopticRecord): string {
  const types = Object.entries(panoptic.types).map(([type, { dq, sq, pq }]) => [`type ${type}`, dq, sq, pq]);
  const all = formatTable(['all images', 'value', '95 % from', '95 % to'], listPanopticRows(panoptic));
  return `${all}\n\n${formatTable(['all images', 'DQ', 'SQ', 'PQ'], types)}`;
}
