import { describe, expect, it } from 'vitest';
import { listStrips } from '../../src/formats/read-strips.js';

describe('strips', () => {
  it('cover an image once, from top to bottom', () => {
    const strips = [...listStrips({ width: 40_000, height: 120 })];
    expect(strips).toEqual([
      [0, 52],
      [52, 104],
      [104, 120],
    ]);
  });

  it('are refused of slides that no file of all pixels suits', () => {
    expect([...listStrips({ width: 2 ** 15, height: 2 ** 15 })].length).toBeGreaterThan(1);
    expect(() => [...listStrips({ width: 100_000, height: 80_000 })]).toThrow(
      'expected at most 2^30 pixels, got 100000×80000 pixels; choose json, geojson',
    );
  });
});
