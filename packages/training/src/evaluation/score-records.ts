// Scores under their names in files.
import {
  estimateTypedInstanceIntervals,
  scoreTypedInstances,
  type BootstrapOptions,
  type InstanceMetrics,
  type Interval,
  type Quality,
  type TypedInstanceTally,
} from '@hovernet/metrics';

/** A value of each metric that results show. */
export interface InstanceRecord<Value = number> {
  readonly dice: Value;
  readonly aji: Value;
  readonly aji_plus: Value;
  readonly dq: Value;
  readonly sq: Value;
  readonly pq: Value;
}

/** The metrics that results show, in the order of tables; or something else of each of them, such as its interval. */
export function toInstanceRecord<Value>({
  dice,
  aji,
  ajiPlus,
  dq,
  sq,
  pq,
}: Readonly<Record<keyof InstanceMetrics, Value>>): InstanceRecord<Value> {
  return { dice, aji, aji_plus: ajiPlus, dq, sq, pq };
}

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

/** Panoptic quality of types over all images, with intervals. */
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
