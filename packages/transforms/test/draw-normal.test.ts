import { createRandom } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { drawNormal } from '../src/draw-normal.js';
import { errorFunction } from '../src/smooth-gaussian.js';

const count = 400_000;
const random = createRandom(17);
const values = Float64Array.from({ length: count }, () => drawNormal(random)).sort();

describe('drawNormal', () => {
  it('follows the normal distribution', () => {
    let distance = 0;
    values.forEach((value, index) => {
      const expected = 0.5 + 0.5 * errorFunction(value / Math.SQRT2);
      distance = Math.max(distance, Math.abs(expected - index / count), Math.abs(expected - (index + 1) / count));
    });
    // Kolmogorov and Smirnov: of a normal generator, one seed in a thousand exceeds 1.95 / √n.
    expect(distance * Math.sqrt(count)).toBeLessThan(1.95);
  });

  it('has the moments of the normal distribution', () => {
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;
    // Five standard errors each: √(variance of the power / n).
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / count));
  });

  it('reaches into both tails as often as it should', () => {
    // Where the tail's own rule begins: 2.6e-4 of all values, 103 here; four standard deviations of a count are 41.
    const expected = count * (1 - errorFunction(3.6541528853610088 / Math.SQRT2));
    const beyond = values.filter((value) => Math.abs(value) > 3.6541528853610088);
    expect(Math.abs(beyond.length - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(Math.min(...beyond)).toBeLessThan(0);
    expect(Math.max(...beyond)).toBeGreaterThan(0);
  });

  it('gives the same numbers for the same seed, these', () => {
    const again = createRandom(5);
    expect(Array.from({ length: 4 }, () => drawNormal(again).toFixed(12))).toMatchInlineSnapshot(`
      [
        "1.376207000894",
        "0.065669833186",
        "-1.699276253121",
        "-2.390272028133",
      ]
    `);
  });
});
