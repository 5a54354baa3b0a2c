import { describe, expect, it } from 'vitest';
import { decodeHalfFloats, encodeHalfFloats } from '../src/half-float.js';

describe('half floats', () => {
  it('encode every decoded half as itself', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const isNaNPattern = (half: number) => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;
    const back = encodeHalfFloats(decodeHalfFloats(halves));
    const wrong = [...halves].filter((half) => !isNaNPattern(half) && back[half] !== half);
    expect(wrong).toEqual([]);
    expect(isNaNPattern(encodeHalfFloats(Float32Array.of(NaN))[0]!)).toBe(true);
  });

  it('are what their bits say: sign, exponent, fraction', () => {
    const values = decodeHalfFloats(Uint16Array.of(0x0001, 0x03ff, 0x0400, 0x3555, 0xc000, 0x7bff, 0xfc00));
    expect([...values]).toEqual([2 ** -24, 1023 * 2 ** -24, 2 ** -14, 1365 * 2 ** -12, -2, 65504, -Infinity]);
  });

  it('take the nearer of two neighbours, and the even one halfway between them', () => {
    const positive = decodeHalfFloats(Uint16Array.from({ length: 0x7c00 }, (_, half) => half));
    const bits = new Uint32Array(1);
    const nudge = (value: number, ulps: number) => {
      bits[0] = new Uint32Array(Float32Array.of(value).buffer)[0]! + ulps;
      return new Float32Array(bits.buffer)[0]!;
    };
    const wrong: number[] = [];
    for (let half = 0; half + 1 < positive.length; half++) {
      const middle = (positive[half]! + positive[half + 1]!) / 2;
      const rounded = encodeHalfFloats(Float32Array.of(nudge(middle, -1), middle, nudge(middle, 1), -middle));
      const even = half + (half & 1);
      if (`${[...rounded]}` !== `${[half, even, half + 1, even | 0x8000]}`) wrong.push(half);
    }
    expect(wrong).toEqual([]);
  });

  it('round to nearest, ties to even', () => {
    const steps = [
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      1 + 2 ** -11 + 2 ** -20,
      65519,
      65520,
      2 ** -25,
      2 ** -25 + 2 ** -40,
    ];
    expect([...encodeHalfFloats(Float32Array.from(steps))]).toEqual([0x3c00, 0x3c02, 0x3c01, 0x7bff, 0x7c00, 0, 1]);
  });
});
