// Panoptic quality of types under its names in files.
import {
  estimateTypedInstanceIntervals,
  scoreTypedInstances,
  type BootstrapOptions,
  type Interval,
  type Quality,
  type TypedInstanceTally,
} from '@hovernet/metrics';
import type { TableCell } from '../report/format-table.js';

/** bPQ, mPQ and mPQ+, or something else of each of them. */
interface MeanQualities<Value> {
  readonly bpq: Value;
  readonly mpq: Value;
  readonly mpq_plus: Value;
}

export interface PanopticRecord extends MeanQualities<number> {
  /** Quality of each type over all images together, by its id. */
  readonly types: Readonly<Record<string, Quality>>;
  readonly interval_95: MeanQualities<Interval>;
}

export function toPanopticRecord(
  images: readonly TypedInstanceTally[],
  options: BootstrapOptions = {},
): PanopticRecord {
  const { bpq, mpq, mpqPlus, types } = scoreTypedInstances(images);
  const interval = estimateTypedInstanceIntervals(images, options);
  return {
    bpq,
    mpq,
    mpq_plus: mpqPlus,
    types,
    interval_95: { bpq: interval.bpq, mpq: interval.mpq, mpq_plus: interval.mpqPlus },
  };
}

/** Rows `metric, value, 95 % from, 95 % to`. */
export function listPanopticRows({ bpq, mpq, mpq_plus, interval_95 }: PanopticRecord): TableCell[][] {
  return [
    ['bPQ', bpq, ...interval_95.bpq],
    ['mPQ', mpq, ...interval_95.mpq],
    ['mPQ+', mpq_plus, ...interval_95.mpq_plus],
  ];
}
