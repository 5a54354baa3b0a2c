import { ArgumentError, createRgbImage } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smoothBinomial, type BinomialSize } from '../src/smooth-binomial.js';
import { rgbImages } from './maps.js';

const sizes: BinomialSize[] = [1, 3, 5];
const taps = { 1: [1], 3: [0.25, 0.5, 0.25], 5: [0.0625, 0.25, 0.375, 0.25, 0.0625] } as const;

describe('smoothBinomial', () => {
  it('equals the weighted mean of the pixels around, edge repeated, rounded halves up', () => {
    const choice = fc.constantFrom(...sizes);
    fc.assert(
      fc.property(rgbImages, choice, choice, (image, rowsPx, columnsPx) => {
        const [height, width] = image.shape as [number, number];
        const inside = (index: number, length: number) => Math.min(Math.max(index, 0), length - 1);
        const smooth = smoothBinomial(image, { rowsPx, columnsPx });
        for (let i = 0; i < image.size; i++) {
          const [y, x, channel] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
          let sum = 0;
          for (const [j, weight] of taps[rowsPx].entries()) {
            for (const [k, other] of taps[columnsPx].entries()) {
              const row = inside(y + j - (rowsPx >> 1), height);
              sum += weight * other * image.get(row, inside(x + k - (columnsPx >> 1), width), channel);
            }
          }
          expect(smooth.data[i]).toBe(Math.floor(sum + 0.5));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('blurs along the asked axis alone', () => {
    const image = createRgbImage(5, 5);
    image.set(2, 2, 0, 160);
    const column = smoothBinomial(image, { rowsPx: 5, columnsPx: 1 });
    expect([0, 1, 2, 3, 4].map((y) => column.get(y, 2, 0))).toEqual([10, 40, 60, 40, 10]);
    expect([0, 1, 3, 4].map((x) => column.get(2, x, 0))).toEqual([0, 0, 0, 0]);
  });

  it('refuses other kernels', () => {
    const image = createRgbImage(2, 2);
    expect(() => smoothBinomial(image, { rowsPx: 2 as never, columnsPx: 1 })).toThrow(ArgumentError);
    expect(() => smoothBinomial(image, { rowsPx: 7 as never, columnsPx: 1 })).toThrow(/1, 3 or 5 pixels, got 7/);
  });
});
