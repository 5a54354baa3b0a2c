import { describe, expect, it } from 'vitest';
import { affineCodes, roundHalfEven, uniteRanges } from '../../src/quantize/affine-codes.js';
import { quantizeFilter } from '../../src/quantize/quantize-filter.js';

describe('affineCodes', () => {
  it.each([
    { range: { min: 0, max: 255 }, scale: 1, zeroPoint: 0 },
    { range: { min: -255, max: 0 }, scale: 1, zeroPoint: 255 },
    { range: { min: -100, max: 155 }, scale: 1, zeroPoint: 100 },
    { range: { min: -1, max: 1 }, scale: Math.fround(2 / 255), zeroPoint: 127 },
  ])('covers $range.min to $range.max', ({ range, scale, zeroPoint }) => {
    expect(affineCodes(range)).toEqual({ scale, zeroPoint });
  });

  it.each([0, 1e-45])('gives a range as wide as %s a scale that can be divided by', (max) => {
    expect(affineCodes({ min: 0, max })).toEqual({ scale: 1, zeroPoint: 0 });
  });
});

describe('uniteRanges', () => {
  it('includes all of them, and 0', () => {
    expect(
      uniteRanges([
        { min: 1, max: 2 },
        { min: 1.5, max: 4 },
      ]),
    ).toEqual({ min: 0, max: 4 });
    expect(uniteRanges([])).toEqual({ min: 0, max: 0 });
  });
});

describe('roundHalfEven', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [2.4999, 2],
    [-2.6, -3],
  ])('rounds %s to %s', (value, expected) => {
    expect(roundHalfEven(value) + 0).toBe(expected);
  });
});

describe('quantizeFilter', () => {
  const quantize = (filter: number[], bias: number[] | undefined, bits: 7 | 8 = 7) =>
    quantizeFilter({ filter, bias, outChannels: 2 }, { inputScale: 0.5, bits });

  it('gives each output channel the scale of its largest weight', () => {
    const { codes, scales, bias } = quantize([63, -31.5, 12.6, 0.4], [7, 0.05]);
    expect([...scales]).toEqual([1, Math.fround(0.2)]);
    // Half-way cases go to the even code.
    expect([...codes]).toEqual([63, -32, 63, 2]);
    // In units of 0.5 · 1 and 0.5 · 0.2; 0.05 is half a unit.
    expect([...bias]).toEqual([14, 0]);
  });

  it('uses all of int8 with 8 bits, but for −128', () => {
    expect([...quantize([-127, 1, 254, 2], undefined, 8).codes]).toEqual([-127, 1, 127, 1]);
  });

  it('has a scale for a channel without weights, in which its bias keeps its digits', () => {
    const { codes, scales, bias } = quantize([0, 0, 0, 0], [3, 0]);
    expect([...codes]).toEqual([0, 0, 0, 0]);
    expect(bias[0]! * scales[0]! * 0.5).toBeCloseTo(3, 5);
    expect([scales[1], bias[1]]).toEqual([1, 0]);
  });

  it('coarsens weights where the bias would leave int32', () => {
    const { codes, scales, bias } = quantize([1e-9, 0, 1, 1], [4, 0]);
    expect(bias[0]).toBe(2 ** 30);
    expect(bias[0]! * scales[0]! * 0.5).toBeCloseTo(4, 5);
    expect(codes[0]).toBe(0);
  });
});
