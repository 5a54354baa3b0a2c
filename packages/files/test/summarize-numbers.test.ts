import { describe, expect, it } from 'vitest';
import { summarizeNumbers } from '../src/node.js';

describe('summarizeNumbers', () => {
  it('leaves NaN out, and gives nulls where nothing is left', () => {
    expect(summarizeNumbers(Float32Array.of(1, NaN, -3))).toEqual({ min: -3, max: 1, sum: -2 });
    const nothing = { min: null, max: null, sum: null };
    expect(summarizeNumbers(Float64Array.of(NaN))).toEqual(nothing);
    expect(summarizeNumbers([])).toEqual(nothing);
    expect(summarizeNumbers(new BigInt64Array())).toEqual(nothing);
  });

  it('adds up what a plain sum would round away', () => {
    expect(summarizeNumbers(Float64Array.of(1, 1e100, 1, -1e100)).sum).toBe(2);
    const tenths = new Float64Array(1e6).fill(0.1);
    expect(summarizeNumbers(tenths).sum).toBe(100000);
    expect(tenths.reduce((sum, value) => sum + value)).not.toBe(100000);
  });

  it('keeps infinities', () => {
    expect(summarizeNumbers(Float32Array.of(1, Infinity))).toEqual({ min: 1, max: Infinity, sum: Infinity });
    expect(summarizeNumbers(Float32Array.of(-Infinity, 1)).sum).toBe(-Infinity);
  });

  it('adds 64-bit integers exactly and rounds once', () => {
    const large = BigInt64Array.of(2n ** 62n, 1n, -(2n ** 62n), 2n ** 53n + 1n, -(2n ** 53n));
    expect(summarizeNumbers(large)).toEqual({ min: -(2 ** 62), max: 2 ** 62, sum: 2 });
    expect(summarizeNumbers(BigUint64Array.of(2n ** 64n - 1n, 1n)).sum).toBe(2 ** 64);
  });
});
