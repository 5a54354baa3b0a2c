// Instance metrics under their names in files.
import type { InstanceMetrics } from '@hovernet/metrics';

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
