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
