import { describe, expect, it } from 'vitest';
import { createSingleCommunicator, type Communicator } from '../src/communicator.js';
import { createStepGroup } from '../src/step-group.js';
import type { StepResult } from '../src/train-step.js';

function result(value: number, overflowed?: boolean): StepResult {
  return {
    loss: value,
    terms: { np: 2 * value },
    gradients: new Map([['w', Float32Array.of(value, -value)]]),
    statistics: [{ name: 'bn', mean: Float32Array.of(value), variance: Float32Array.of(value + 1), count: 8 }],
    ...(overflowed !== undefined && { overflowed }),
  };
}

/** Rank 0 of two processes; the other one gives what `other` says, in the order in which it is asked. */
function pairWith(other: readonly (Float32Array | Float64Array)[]): Communicator {
  const queue = [...other];
  return {
    ...createSingleCommunicator(),
    size: 2,
    sum(values) {
      const more = queue.shift()!;
      values.forEach((value, at) => (values[at] = value + more[at]!));
    },
    gather: (values) => Float32Array.from([...values, ...queue.shift()!]),
  };
}

describe('a group of batches', () => {
  it('of one batch gives it unchanged', () => {
    const group = createStepGroup(createSingleCommunicator());
    const only = result(0.1);
    group.add(only, 3);
    expect(group.finish()).toEqual({ ...only, patches: 3 });
    expect(group.size).toBe(0);
  });

  it('counts every patch the same and keeps the order of statistics', () => {
    const group = createStepGroup(createSingleCommunicator());
    group.add(result(1), 2);
    group.add(result(4), 1);
    expect(group.size).toBe(2);
    const { loss, terms, gradients, statistics, patches } = group.finish();
    expect([loss, terms['np'], patches]).toEqual([2, 4, 3]);
    expect(gradients.get('w')).toEqual(Float32Array.of(2, -2));
    expect(statistics.map(({ mean }) => mean[0])).toEqual([1, 4]);
  });

  it('adds up the gradients of several processes and takes their statistics in the order of ranks', () => {
    const others = [Float32Array.of(5, -5), Float64Array.of(1, 0, 5, 10), Float32Array.of(8, 5, 6)];
    const group = createStepGroup(pairWith(others));
    group.add(result(1), 1);
    const { loss, gradients, statistics, patches } = group.finish();
    expect([loss, patches]).toEqual([3, 2]);
    expect(gradients.get('w')).toEqual(Float32Array.of(3, -3));
    expect(statistics).toEqual([
      { name: 'bn', mean: Float32Array.of(1), variance: Float32Array.of(2), count: 8 },
      { name: 'bn', mean: Float32Array.of(5), variance: Float32Array.of(6), count: 8 },
    ]);
  });

  it('overflows where one batch does, and begins anew afterwards', () => {
    const group = createStepGroup(createSingleCommunicator());
    group.add(result(1, false), 1);
    group.add(result(2, true), 1);
    expect(group.finish().overflowed).toBe(true);
    group.add(result(1, false), 1);
    group.add(result(2, false), 1);
    expect(group.finish().overflowed).toBe(false);
  });
});
