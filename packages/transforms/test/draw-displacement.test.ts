import { ArgumentError, createRandom } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { drawDisplacement } from '../src/draw-displacement.js';

const size = 400;
const sigmaPx = 5;
const alphaPx = 2;
const field = drawDisplacement(createRandom(3), [size, size], { sigmaPx, alphaPx }).data;
const planes = [field.subarray(0, size * size), field.subarray(size * size)];

/** Mean of the product of displacements `rows` and `columns` apart. */
function covariance(plane: Float32Array, rows: number, columns: number): number {
  let sum = 0;
  for (let y = 0; y < size - rows; y++) {
    for (let x = 0; x < size - columns; x++) sum += plane[y * size + x]! * plane[(y + rows) * size + x + columns]!;
  }
  return sum / ((size - rows) * (size - columns));
}

describe('drawDisplacement', () => {
  it('has the deviation alpha, and is as smooth as noise under a Gaussian of sigma', () => {
    // The covariance of smoothed noise at distance d is alpha² exp(−d²/4σ²). About (400/(2·√π·5))² = 509 independent
    // values make the relative error of the variance √(2/509) = 6 %; the bound is four times that.
    for (const plane of planes) {
      for (const [rows, columns] of [
        [0, 0],
        [0, 3],
        [5, 0],
        [4, 4],
        [0, 12],
      ] as const) {
        const expected = alphaPx ** 2 * Math.exp(-(rows ** 2 + columns ** 2) / (4 * sigmaPx ** 2));
        expect(Math.abs(covariance(plane, rows, columns) - expected)).toBeLessThan(0.25 * alphaPx ** 2);
      }
    }
  });

  it('is as strong between lattice points as on them', () => {
    const [short] = planes;
    const rowsAt = (phase: number) => {
      let sum = 0;
      let count = 0;
      for (let y = phase; y < size; y += sigmaPx) {
        for (let x = 0; x < size; x++, count++) sum += short![y * size + x]! ** 2;
      }
      return sum / count;
    };
    // The same field, so that chance cancels: neighbouring rows are nearly equal anyway.
    expect(Math.abs(rowsAt(0) / rowsAt(2) - 1)).toBeLessThan(0.05);
  });

  it('moves rows and columns independently', () => {
    let product = 0;
    for (let i = 0; i < size * size; i++) product += planes[0]![i]! * planes[1]![i]!;
    expect(Math.abs(product / (size * size))).toBeLessThan(0.25 * alphaPx ** 2);
  });

  it('is the same for the same seed, scales with alpha, and is nothing for an alpha of 0', () => {
    const draw = (alpha: number) => drawDisplacement(createRandom(9), [20, 30], { sigmaPx: 6.5, alphaPx: alpha });
    const once = draw(1);
    expect(once.shape).toEqual([2, 20, 30]);
    expect(draw(1).data).toEqual(once.data);
    expect(
      maxDifference(
        draw(3).data,
        once.data.map((value) => 3 * value),
      ).value,
    ).toBeLessThan(1e-5);
    expect(draw(0).data.every((value) => value === 0)).toBe(true);
  });

  it('works for a sigma larger than the field, and refuses one below a pixel', () => {
    const wide = drawDisplacement(createRandom(1), [4, 4], { sigmaPx: 1000, alphaPx: 5 }).data;
    expect(Math.max(...wide.subarray(0, 16)) - Math.min(...wide.subarray(0, 16))).toBeLessThan(0.1);
    const refused = [
      { sigmaPx: 0.5, alphaPx: 1 },
      { sigmaPx: 5, alphaPx: -1 },
      { sigmaPx: Infinity, alphaPx: 1 },
    ];
    for (const parameters of refused) {
      expect(() => drawDisplacement(createRandom(1), [4, 4], parameters)).toThrow(ArgumentError);
    }
  });
});
