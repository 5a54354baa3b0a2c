import { expect, it } from 'vitest';
import { runWithin } from '../../src/node/run-within.js';

it('gives the result of what ends in time, and its errors', () => {
  const result = { value: 1 };
  expect(runWithin(1000, () => result)).toBe(result);
  const error = new RangeError('too far');
  expect(() =>
    runWithin(1000, () => {
      throw error;
    }),
  ).toThrow(error);
});

it('stops what does not end', () => {
  let turns = 0;
  expect(
    runWithin(50, () => {
      for (;;) turns++;
    }),
  ).toBeUndefined();
  expect(turns).toBeGreaterThan(0);
});
