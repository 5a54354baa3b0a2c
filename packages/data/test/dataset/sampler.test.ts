import { describe, expect, it } from 'vitest';
import { createSampler } from '../../src/dataset/sampler.js';

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

  it('draws samples by their weights and puts them back', () => {
    const weights = [0, 1, 3, 0];
    const sampler = createSampler(4, { shuffle: true, seed: 5, weights, samplesPerEpoch: 4000 });
    expect(sampler.length).toBe(4000);
    const counts = [0, 0, 0, 0];
    for (const index of sampler.order(2)) counts[index]!++;
    expect([counts[0], counts[3]]).toEqual([0, 0]);
    // Four standard deviations of a binomial count.
    expect(Math.abs(counts[2]! - 3000)).toBeLessThan(4 * Math.sqrt(4000 * 0.75 * 0.25));
    expect(sampler.order(2)).toEqual(sampler.order(2));
    expect(sampler.order(3)).not.toEqual(sampler.order(2));
  });

  it('divides what it draws among processes as it divides the data set', () => {
    const options = { shuffle: true, seed: 5, weights: [1, 2, 1], samplesPerEpoch: 10 };
    const whole = [...createSampler(3, options).order(0)];
    const halves = [0, 1].map((rank) => [...createSampler(3, { ...options, share: { rank, size: 2 } }).order(0)]);
    expect(whole).toEqual(Array.from({ length: 10 }, (_, at) => halves[at % 2]![at >> 1]));
  });

  it('refuses weights that are none', () => {
    const refuse = (weights: number[], shuffle = true) => expect(() => createSampler(2, { shuffle, weights }));
    refuse([1, 2], false).toThrow('expected shuffle with weights, got none');
    refuse([1]).toThrow('expected 2 weights, some above 0, got 1');
    refuse([0, 0]).toThrow('expected 2 weights, some above 0, got only zeros');
    refuse([1, -1]).toThrow('expected weights of 0 or more, got -1 for sample 1');
    refuse([NaN, 1]).toThrow('expected weights of 0 or more, got NaN for sample 0');
  });
});
