import { expect, it } from 'vitest';
import { computeQuantile } from '../src/index.js';

it('interpolates between the numbers on both sides of a share', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => computeQuantile([1, 2, 4, 8, 16], share))).toEqual([1, 2, 4, 12.8, 16]);
});

it('is the number itself of one, and undefined of none', () => {
  expect(computeQuantile([7], 0.3)).toBe(7);
  expect(computeQuantile([], 0.3)).toBeNaN();
});
