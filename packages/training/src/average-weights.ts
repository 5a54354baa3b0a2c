// An exponential moving average of the weights (Polyak and Juditsky 1992), which generalises better than the last step's.
import type { StateDict } from '@hovernet/model';
import { copyWeightArray } from '@hovernet/model/internal';

/** Starts an average at `weights`; the arrays are its own. */
export function startAverage(weights: StateDict): StateDict {
  return new Map(Array.from(weights, ([name, array]) => [name, copyWeightArray(array)]));
}

/**
 * Moves `average` towards `weights`, in place, running statistics included; counters are taken over. After few steps it keeps
 * less than `decay`, (1 + step) / (10 + step), so that the first weights are forgotten; `step` counts from 1.
 */
export function updateAverage(
  average: StateDict,
  weights: StateDict,
  { decay, step }: { readonly decay: number; readonly step: number },
): void {
  const kept = Math.min(decay, (1 + step) / (10 + step));
  for (const [name, array] of average) {
    const current = weights.get(name)!;
    if (array.dtype === 'int64') array.data.set((current as typeof array).data);
    else blend(array.data, (current as typeof array).data, kept);
  }
}

function blend(average: Float32Array, current: Float32Array, kept: number): void {
  for (let i = 0; i < average.length; i++) average[i] = current[i]! + kept * (average[i]! - current[i]!);
}
