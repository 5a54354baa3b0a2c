import { describe, expect, it } from 'vitest';
import { createSampler } from '../../src/index.js';

const shares = (length: number, size: number, evenDivisible: boolean, shuffle = true) =>
  Array.from({ length: size }, (_, rank) =>
    createSampler(length, { shuffle, seed: 9, share: { rank, size, evenDivisible } }),
  );

const sizes = [
  [10, 3],
  [9, 3],
  [7, 1],
  [5, 4],
  [2, 4],
  [0, 2],
] as const;

describe('createSampler', () => {
  it.each(sizes)('gives %d samples to %d processes, each to one, where nothing is repeated', (length, size) => {
    const samplers = shares(length, size, false);
    const orders = samplers.map((sampler) => [...sampler.order(4)]);
    expect(orders.map((order) => order.length)).toEqual(samplers.map((sampler) => sampler.length));
    expect(orders.flat().sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
    const counts = orders.map((order) => order.length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it.each(sizes)(
    'gives as many of %d samples to each of %d processes, the first of the order twice',
    (length, size) => {
      const whole = [...createSampler(length, { shuffle: true, seed: 9 }).order(4)];
      const orders = shares(length, size, true).map((sampler) => [...sampler.order(4)]);
      const count = Math.ceil(length / size);
      expect(orders.map((order) => order.length)).toEqual(orders.map(() => count));
      // Taken in turns, the processes see the whole order and then its beginning again.
      const turns = Array.from({ length: count }, (_, turn) => orders.map((order) => order[turn]!)).flat();
      expect(turns).toEqual(Array.from({ length: count * size }, (_, at) => whole[at % length]!));
    },
  );

  it('divides the order of the data set where it does not shuffle', () => {
    expect(shares(7, 3, true, false).map((sampler) => [...sampler.order(0)])).toEqual([
      [0, 3, 6],
      [1, 4, 0],
      [2, 5, 1],
    ]);
    expect(shares(7, 3, false, false).map((sampler) => [...sampler.order(0)])).toEqual([
      [0, 3, 6],
      [1, 4],
      [2, 5],
    ]);
  });

  it('refuses a process that is not one of them', () => {
    for (const share of [
      { rank: 2, size: 2 },
      { rank: -1, size: 2 },
      { rank: 0, size: 0 },
      { rank: 0.5, size: 2 },
    ]) {
      expect(() => createSampler(3, { share })).toThrow(`a rank of 0 … size − 1, got ${share.rank} of ${share.size}`);
    }
  });
});
