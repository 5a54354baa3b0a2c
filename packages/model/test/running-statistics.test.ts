import { ArgumentError, WeightsError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import type { StateDict } from '../src/index.js';
import { updateRunningStatistics } from '../src/internal.js';

function createState(): StateDict {
  return new Map([
    ['a.bn.running_mean', { dtype: 'float32', shape: [2], data: Float32Array.of(1, -2) }],
    ['a.bn.running_var', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 4) }],
    ['a.bn.num_batches_tracked', { dtype: 'int64', shape: [], data: BigInt64Array.of(3n) }],
  ]);
}

const statistics = { name: 'a.bn', mean: Float32Array.of(3, 0), variance: Float32Array.of(2, 1), count: 5 };

describe('updateRunningStatistics', () => {
  it('blends a tenth of the batch in, with the unbiased variance, and counts it', () => {
    const state = createState();
    updateRunningStatistics(state, [statistics]);
    expect([...state.get('a.bn.running_mean')!.data]).toEqual([Math.fround(1.2), Math.fround(-1.8)]);
    expect([...state.get('a.bn.running_var')!.data]).toEqual([Math.fround(0.9 + 0.25), Math.fround(3.6 + 0.125)]);
    expect(state.get('a.bn.num_batches_tracked')!.data[0]).toBe(4n);
  });

  it('takes another momentum', () => {
    const state = createState();
    updateRunningStatistics(state, [statistics], { momentum: 1 });
    expect([...state.get('a.bn.running_mean')!.data]).toEqual([3, 0]);
    expect([...state.get('a.bn.running_var')!.data]).toEqual([2.5, 1.25]);
  });

  it('refuses a single value per channel, whose variance is unknown', () => {
    expect(() => updateRunningStatistics(createState(), [{ ...statistics, count: 1 }])).toThrow(ArgumentError);
  });

  it('refuses batch-norms that the state lacks', () => {
    expect(() => updateRunningStatistics(createState(), [{ ...statistics, name: 'b.bn' }])).toThrow(WeightsError);
    expect(() => updateRunningStatistics(new Map(), [statistics])).toThrow(/no a\.bn\.running_mean/);
  });
});
