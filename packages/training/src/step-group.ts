// Several batches that make one step of the optimiser: one after the other here, and at the same time on other processes.
import type { BatchStatistics } from '@hovernet/model/internal';
import type { Communicator } from './communicator.js';
import type { StepResult } from './train-step.js';

/** What the batches of a group say together: means over all their patches. */
export interface GroupResult extends StepResult {
  /** Patches in all batches of all processes. */
  readonly patches: number;
}

export interface StepGroup {
  /** Batches added so far, in this process. */
  readonly size: number;
  /** Adds what a batch of `patches` patches gave; its gradients are taken over. */
  add(result: StepResult, patches: number): void;
  /**
   * The group's result, the same in every process; all have added equally many batches. Begins the next group.
   * Statistics come in the order in which one process would have met the batches.
   */
  finish(): GroupResult;
}

/** Groups of the processes of `communicator`. Every patch counts the same, whatever the size of its batch. */
export function createStepGroup(communicator: Communicator): StepGroup {
  let added: { readonly result: StepResult; readonly patches: number }[] = [];
  let gradients: ReadonlyMap<string, Float32Array> = new Map();
  return {
    get size() {
      return added.length;
    },
    add(result, patches) {
      const single = added.length === 0;
      if (single) gradients = result.gradients;
      // A group of one batch stays as it is, to the last bit.
      if (single && communicator.size > 1) scaleAll(gradients, patches);
      if (added.length === 1 && communicator.size === 1) scaleAll(gradients, added[0]!.patches);
      if (!single) addScaled(gradients, result.gradients, patches);
      added.push({ result, patches });
    },
    finish() {
      const group = added;
      added = [];
      if (group.length === 1 && communicator.size === 1) return { ...group[0]!.result, patches: group[0]!.patches };
      for (const gradient of gradients.values()) communicator.sum(gradient);
      const { patches, loss, terms, overflowed } = averageLosses(group, communicator);
      scaleAll(gradients, 1 / patches);
      const statistics = gatherStatistics(
        group.map(({ result }) => result.statistics),
        communicator,
      );
      return { patches, loss, terms, gradients, statistics, ...(overflowed !== undefined && { overflowed }) };
    },
  };
}

function scaleAll(gradients: ReadonlyMap<string, Float32Array>, factor: number): void {
  if (factor === 1) return;
  for (const gradient of gradients.values()) for (let i = 0; i < gradient.length; i++) gradient[i]! *= factor;
}

function addScaled(
  sums: ReadonlyMap<string, Float32Array>,
  gradients: ReadonlyMap<string, Float32Array>,
  factor: number,
): void {
  for (const [name, sum] of sums) {
    const gradient = gradients.get(name)!;
    for (let i = 0; i < sum.length; i++) sum[i]! += factor * gradient[i]!;
  }
}

function averageLosses(
  group: readonly { readonly result: StepResult; readonly patches: number }[],
  communicator: Communicator,
): Omit<GroupResult, 'gradients' | 'statistics'> {
  const names = Object.keys(group[0]!.result.terms);
  // In float64: patches, overflows, loss and terms, the last two weighted by patches.
  const totals = new Float64Array(3 + names.length);
  for (const { result, patches } of group) {
    [1, 0, result.loss, ...names.map((name) => result.terms[name]!)].forEach(
      (value, at) => (totals[at]! += patches * value),
    );
    if (result.overflowed) totals[1]!++;
  }
  communicator.sum(totals);
  const [patches, overflows, loss, ...terms] = totals;
  return {
    patches: patches!,
    loss: loss! / patches!,
    terms: Object.fromEntries(names.map((name, at) => [name, terms[at]! / patches!])),
    ...(group[0]!.result.overflowed !== undefined && { overflowed: overflows! > 0 }),
  };
}

/** All batches' statistics: the first of every process in the order of ranks, then the second of every process, … */
function gatherStatistics(
  group: readonly (readonly BatchStatistics<Float32Array>[])[],
  communicator: Communicator,
): BatchStatistics<Float32Array>[] {
  if (communicator.size === 1) return group.flat();
  return group.flatMap((statistics) => {
    const own = packStatistics(statistics);
    const all = communicator.gather(own);
    return Array.from({ length: communicator.size }, (_, rank) =>
      unpackStatistics(all.subarray(rank * own.length, (rank + 1) * own.length), statistics),
    ).flat();
  });
}

/** Count, means and variances of every batch-norm. Counts are integers far below 2²⁴, exact in float32. */
function packStatistics(statistics: readonly BatchStatistics<Float32Array>[]): Float32Array {
  const packed = new Float32Array(statistics.reduce((length, { mean }) => length + 1 + 2 * mean.length, 0));
  let at = 0;
  for (const { mean, variance, count } of statistics) {
    packed[at] = count;
    packed.set(mean, at + 1);
    packed.set(variance, at + 1 + mean.length);
    at += 1 + 2 * mean.length;
  }
  return packed;
}

/** `like` tells names and channels. */
function unpackStatistics(
  packed: Float32Array,
  like: readonly BatchStatistics<Float32Array>[],
): BatchStatistics<Float32Array>[] {
  let at = 0;
  return like.map(({ name, mean: { length } }) => {
    const start = at + 1;
    at = start + 2 * length;
    return {
      name,
      count: packed[start - 1]!,
      mean: packed.slice(start, start + length),
      variance: packed.slice(start + length, at),
    };
  });
}
