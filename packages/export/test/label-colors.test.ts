import { describe, expect, it } from 'vitest';
import { indexLabelColors, labelPalette } from '../src/index.js';

describe('labelPalette', () => {
  it('has black and 255 colours, no two of which are alike', () => {
    expect(labelPalette).toHaveLength(256);
    expect(new Set(labelPalette.map(String)).size).toBe(256);
    expect(labelPalette.flat().every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true);
  });

  it('gives ids that follow each other colours far apart', () => {
    expect([...indexLabelColors(Int32Array.of(0, 1, 255, 256, 511))]).toEqual([0, 1, 255, 1, 1]);
    for (let index = 1; index < 255; index++) {
      const [a, b] = [labelPalette[index]!, labelPalette[index + 1]!];
      expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(80);
    }
  });
});
