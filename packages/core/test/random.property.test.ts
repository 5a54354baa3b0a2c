import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, restoreRandom, type Random } from '../src/index.js';

const seeds = fc.integer({ min: 0, max: 0xffffffff });
const draws = fc.nat({ max: 50 });
const next = (random: Random) => Array.from({ length: 4 }, () => random.nextUint32());

/** `random` after `count` numbers. */
function drawn(random: Random, count: number): Random {
  for (let i = 0; i < count; i++) random.nextUint32();
  return random;
}

describe('a stream, for every seed', () => {
  it('goes on from its state as if nothing had happened', () => {
    fc.assert(
      fc.property(seeds, draws, (seed, count) => {
        const random = drawn(createRandom(seed), count);
        const restored = restoreRandom(random.state());
        expect(restored.state()).toEqual(random.state());
        expect(next(restored.fork(3))).toEqual(next(random.fork(3)));
        expect(next(restored)).toEqual(next(random));
      }),
    );
  });

  it('forks into the same streams however much was drawn', () => {
    const keys = fc.array(fc.integer(), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(seeds, draws, keys, (seed, count, path) => {
        const expected = next(createRandom(seed).fork(...path));
        expect(next(drawn(createRandom(seed), count).fork(...path))).toEqual(expected);
        expect(next(path.reduce((stream, key) => stream.fork(key), createRandom(seed)))).toEqual(expected);
      }),
    );
  });

  it('is not moved by its forks', () => {
    fc.assert(
      fc.property(seeds, draws, (seed, count) => {
        const random = createRandom(seed);
        drawn(random.fork(1), count);
        expect(next(random)).toEqual(next(createRandom(seed)));
      }),
    );
  });

  it('permutes: every number below the count comes once', () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 300 }), (seed, count) => {
        const order = createRandom(seed).permutation(count);
        expect(order.sort()).toEqual(Uint32Array.from({ length: count }, (_, index) => index));
      }),
    );
  });

  it('gives integers below the count, up to 2^32', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, count) => {
        const value = createRandom(seed).integer(count);
        expect(Number.isInteger(value) && value >= 0 && value < count).toBe(true);
      }),
    );
  });

  it('gives uniform numbers from low up to but not high', () => {
    const bounds = fc
      .tuple(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.double({ noNaN: true, min: -1e9, max: 1e9 }))
      .filter(([low, high]) => low < high);
    fc.assert(
      fc.property(seeds, bounds, (seed, [low, high]) => {
        const value = createRandom(seed).uniform(low, high);
        expect(value >= low && value < high).toBe(true);
      }),
    );
  });
});
