// Benchmarks behind `hovernet bench`.
import { UnsupportedError } from '@hovernet/core';
import type { WorkflowOutcome } from '../workflow-context.js';

export type BenchName =
  'forward' | 'train-step' | 'session' | 'postprocess' | 'metrics' | 'transforms' | 'prepare' | 'end2end';

export function runBench(name: BenchName): Promise<WorkflowOutcome> {
  return Promise.reject(new UnsupportedError(`bench ${name} is not part of this version`));
}
