import type { StateDict, WeightArray } from '@hovernet/model';
import { describe, expect, it } from 'vitest';
import { startAverage, updateAverage } from '../src/average-weights.js';

const floats = (...values: number[]): WeightArray => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});
const counter = (value: bigint): WeightArray => ({ dtype: 'int64', shape: [], data: BigInt64Array.of(value) });
const stateOf = (weight: WeightArray, count: bigint): StateDict =>
  new Map([
    ['weight', weight],
    ['count', counter(count)],
  ]);

describe('the average of weights', () => {
  it('starts as a copy that shares nothing', () => {
    const weights = stateOf(floats(1, 2), 3n);
    const average = startAverage(weights);
    expect(average).toEqual(weights);
    weights.get('weight')!.data[0] = 9;
    expect(average.get('weight')!.data[0]).toBe(1);
  });

  it('keeps the given share of itself after many steps and takes counters over', () => {
    const average = startAverage(stateOf(floats(0, 8), 0n));
    updateAverage(average, stateOf(floats(4, 0), 7n), { decay: 0.75, step: 1000 });
    expect(average).toEqual(stateOf(floats(1, 6), 7n));
  });

  it('forgets its start in the first steps', () => {
    const average = startAverage(stateOf(floats(11), 0n));
    updateAverage(average, stateOf(floats(0), 1n), { decay: 0.999, step: 1 });
    expect(average.get('weight')!.data[0]).toBeCloseTo(2, 6);
  });
});
