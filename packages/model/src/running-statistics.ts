// Running mean and variance of the batch-norms, kept on the host and updated after every training step.
import { ArgumentError, WeightsError } from '@hovernet/core';
import type { StateDict } from './state-dict.js';

/** What one batch-norm saw in a batch. `Values` is a tensor or an array, `[channels]`. */
export interface BatchStatistics<Values> {
  /** Prefix of the batch-norm in the state dict. */
  readonly name: string;
  readonly mean: Values;
  /** Biased: the sum of squares divided by `count`. */
  readonly variance: Values;
  /** Values per channel: batch × height × width. */
  readonly count: number;
}

export interface RunningStatisticsOptions {
  /** Share of the new batch. @default 0.1 */
  readonly momentum?: number;
}

/**
 * Moves the running statistics in `state` towards those of a batch, in place, and counts the batch. The running
 * variance takes the unbiased one, `variance · count / (count − 1)`, as PyTorch.
 * @throws WeightsError when `state` lacks the batch-norm; ArgumentError when a channel had one value only.
 */
export function updateRunningStatistics(
  state: StateDict,
  statistics: readonly BatchStatistics<Float32Array>[],
  options: RunningStatisticsOptions = {},
): void {
  const { momentum = 0.1 } = options;
  for (const { name, mean, variance, count } of statistics) {
    if (!(count > 1)) {
      throw new ArgumentError(
        `updateRunningStatistics: ${name}: expected more than one value per channel, got ${count}`,
      );
    }
    blend(readFloats(state, `${name}.running_mean`), mean, { momentum, factor: 1 });
    blend(readFloats(state, `${name}.running_var`), variance, { momentum, factor: count / (count - 1) });
    const batches = state.get(`${name}.num_batches_tracked`)?.data;
    if (batches instanceof BigInt64Array) batches[0]! += 1n;
  }
}

function blend(running: Float32Array, batch: Float32Array, step: { momentum: number; factor: number }): void {
  const share = step.momentum * step.factor;
  for (let i = 0; i < running.length; i++) running[i] = (1 - step.momentum) * running[i]! + share * batch[i]!;
}

function readFloats(state: StateDict, name: string): Float32Array {
  const data = state.get(name)?.data;
  if (!(data instanceof Float32Array)) throw new WeightsError(`updateRunningStatistics: the state has no ${name}`);
  return data;
}
