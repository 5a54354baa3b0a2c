import { describe, expect, it } from 'vitest';
import { chooseRange } from '../../src/quantize/choose-range.js';

/** Statistics of a value without channels. */
function seen(...elements: number[]) {
  return {
    min: Float32Array.of(Math.min(...elements)),
    max: Float32Array.of(Math.max(...elements)),
    elements: Float32Array.from(elements),
    elementChannels: new Uint16Array(elements.length),
  };
}

const oneToHundred = Array.from({ length: 100 }, (_, i) => i + 1);

describe('chooseRange', () => {
  it('takes all that was seen by default', () => {
    expect(chooseRange(seen(-2, 1, 7))).toEqual({ min: -2, max: 7 });
  });

  it('takes the widest channel', () => {
    const statistics = { ...seen(0), min: Float32Array.of(-1, -3), max: Float32Array.of(5, 2) };
    expect(chooseRange(statistics)).toEqual({ min: -3, max: 5 });
  });

  it.each([
    { numbers: [2, 5], range: { min: 0, max: 5 } },
    { numbers: [-5, -2], range: { min: -5, max: 0 } },
  ])('includes 0: $numbers', ({ numbers, range }) => {
    expect(chooseRange(seen(...numbers))).toEqual(range);
  });

  it.each([
    { percentile: 99, max: 99 },
    { percentile: 90, max: 90 },
    { percentile: 100, max: 100 },
  ])('keeps $percentile per cent at each end', ({ percentile, max }) => {
    expect(chooseRange(seen(...oneToHundred), { method: 'percentile', percentile })).toEqual({ min: 0, max });
    const negative = oneToHundred.map((value) => -value);
    expect(chooseRange(seen(...negative), { method: 'percentile', percentile })).toEqual({ min: -max, max: 0 });
  });

  it('cuts nothing where a percentile would leave nothing', () => {
    const rare = [...new Array<number>(99).fill(0), 4];
    expect(chooseRange(seen(...rare), { method: 'percentile', percentile: 95 })).toEqual({ min: 0, max: 4 });
  });

  it('clips one outlier where that costs less than coarse steps for all others', () => {
    const elements = [...Array.from({ length: 20_000 }, (_, i) => (i % 1000) / 1000), 16];
    const { max } = chooseRange(seen(...elements), { method: 'mse' });
    expect(max).toBeGreaterThanOrEqual(1);
    expect(max).toBeLessThan(16);
  });

  it('clips nothing of numbers that fill their range', () => {
    const even = Array.from({ length: 5000 }, (_, i) => i / 1000 - 2);
    expect(chooseRange(seen(...even), { method: 'mse' })).toEqual({ min: -2, max: Math.fround(2.999) });
  });

  it.each(['minmax', 'percentile', 'mse'] as const)('gives nothing but zeros no width by %s', (method) => {
    expect(chooseRange(seen(0, 0, 0), { method })).toEqual({ min: 0, max: 0 });
  });

  it.each([NaN, Infinity])('refuses %s', (number) => {
    expect(() => chooseRange(seen(1, number))).toThrow(/expected finite numbers/);
  });

  it('refuses a percentile that keeps less than half', () => {
    expect(() => chooseRange(seen(1), { percentile: 50 })).toThrow(/above 50 and up to 100, got 50/);
  });
});
