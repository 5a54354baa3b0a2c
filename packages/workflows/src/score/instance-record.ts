// Instance metrics under their names in files.
import type { InstanceMetrics } from '@hovernet/metrics';

export interface InstanceRecord {
  readonly dice: number;
  readonly aji: number;
  readonly aji_plus: number;
  readonly dq: number;
  readonly sq: number;
  readonly pq: number;
}

/** The metrics that results show, in the order of tables. */
export function toInstanceRecord({ dice, aji, ajiPlus, dq, sq, pq }: InstanceMetrics): InstanceRecord {
  return { dice, aji, aji_plus: ajiPlus, dq, sq, pq };
}
