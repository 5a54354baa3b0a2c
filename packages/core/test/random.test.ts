import { describe, expect, it } from 'vitest';
import { ArgumentError, createRandom, restoreRandom, type Random } from '../src/index.js';

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.nextUint32());

/** χ² of `counts` against equal expectation. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('createRandom', () => {
  it('is xoshiro128**: the published generator gives these numbers from the words 1, 2, 3, 4', () => {
    expect(draw(restoreRandom({ seed: 0, words: [1, 2, 3, 4] }), 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it.each([
    [0, [1789933344, 44971166, 2521387044, 3848737593, 1138324114, 749234105]],
    [1, [393288148, 2174103013, 3814759091, 2092745082, 1865176206, 2179171167]],
    [321, [1519889858, 988764826, 2153446959, 1865918640, 3793937677, 4000550527]],
    [0xffffffff, [4104197751, 1825856343, 1152209388, 2427537429, 3685145430, 609215610]],
  ])('seed %d gives the stream that splitmix32 seeds', (seed, expected) => {
    expect(draw(createRandom(seed), 6)).toEqual(expected);
  });

  it('counts the lowest 32 bits of the seed', () => {
    expect(createRandom(-1).state()).toEqual(createRandom(0xffffffff).state());
    expect(createRandom(2 ** 32 + 7).state()).toEqual(createRandom(7).state());
  });

  it.each([0.5, NaN, Infinity])('refuses the seed %d', (seed) => {
    expect(() => createRandom(seed)).toThrow(new ArgumentError(`createRandom: expected an integer seed, got ${seed}`));
  });
});

describe('the numbers of a seed', () => {
  it('stay what an independent implementation gives', () => {
    const random = createRandom(321);
    expect([random.uniform(), random.uniform(-1, 1)]).toEqual([0.35387693517070073, 0.002776882565662664]);
    // Logarithm and cosine may differ in the last bit between engines.
    expect(random.normal()).toBeCloseTo(1.9971645486898992, 13);
    expect(random.normal(10, 2)).toBeCloseTo(9.048738875069981, 13);
    expect([random.integer(6), random.integer(1000)]).toEqual([3, 163]);
    expect([...random.permutation(8)]).toEqual([2, 7, 1, 3, 5, 6, 4, 0]);
    expect(draw(random.fork(1), 2)).toEqual([1522948291, 3320610461]);
    expect(draw(random.fork(3, 17), 2)).toEqual([3649810803, 3664711543]);
  });
});

describe('uniform', () => {
  it('makes 53 bits of the top 27 bits of one number and the top 26 of the next', () => {
    const fraction = createRandom(1).uniform();
    expect(fraction * 2 ** 53).toBe((393288148 >>> 5) * 2 ** 26 + (2174103013 >>> 6));
  });

  it('spreads evenly over 64 bins', () => {
    const random = createRandom(2);
    const counts = new Array<number>(64).fill(0);
    for (let i = 0; i < 64_000; i++) counts[Math.floor(random.uniform() * 64)]!++;
    expect(chiSquare(counts)).toBeLessThan(104); // 63 degrees of freedom: above 104 once in 1,000 seeds
  });

  it('spreads pairs of neighbours evenly', () => {
    const random = createRandom(3);
    const counts = new Array<number>(256).fill(0);
    for (let i = 0; i < 64_000; i++) {
      counts[Math.floor(random.uniform() * 16) * 16 + Math.floor(random.uniform() * 16)]!++;
    }
    expect(chiSquare(counts)).toBeLessThan(331); // 255 degrees of freedom, once in 1,000
  });

  it('never gives the open end, even where rounding would', () => {
    const random = createRandom(4);
    for (let i = 0; i < 100; i++) expect(random.uniform(1, 1 + Number.EPSILON)).toBe(1);
  });

  it('gives the only value of an empty interval', () => {
    expect(createRandom(5).uniform(3, 3)).toBe(3);
  });
});

describe('integer', () => {
  /** A stream whose next numbers are found by searching the seeds. */
  const seedWhere = (matches: (first: number) => boolean) => {
    for (let seed = 0; ; seed++) if (matches(createRandom(seed).nextUint32())) return seed;
  };

  it('draws again where taking the remainder would favour small numbers', () => {
    const count = 2 ** 31 + 1; // the lowest 2^31 + 1 numbers are kept, the rest would all be small ones
    const rejected = seedWhere((first) => first >= count);
    const [, second, third, fourth] = draw(createRandom(rejected), 4);
    expect(createRandom(rejected).integer(count)).toBe([second, third, fourth].find((value) => value! < count));
    const kept = seedWhere((first) => first < count);
    expect(createRandom(kept).integer(count)).toBe(createRandom(kept).nextUint32());
  });

  it('is the number itself for a count of 2^32 and 0 for a count of 1', () => {
    const random = createRandom(6);
    expect(random.integer(2 ** 32)).toBe(createRandom(6).nextUint32());
    expect(random.integer(1)).toBe(0);
  });

  it.each([2, 3, 7, 100])('spreads evenly over %d numbers', (count) => {
    const random = createRandom(count);
    const counts = new Array<number>(count).fill(0);
    for (let i = 0; i < 400 * count; i++) counts[random.integer(count)]!++;
    const freedom = count - 1;
    // Wilson and Hilferty: the 99.9 % point of χ² within 2 % for these degrees of freedom.
    const bound = freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3;
    expect(chiSquare(counts)).toBeLessThan(bound);
  });

  it('gives two thirds of a count of 3·2^30 as often as the last third', () => {
    const random = createRandom(7);
    const thirds = [0, 0, 0];
    for (let i = 0; i < 3_000; i++) thirds[Math.floor(random.integer(3 * 2 ** 30) / 2 ** 30)]!++;
    expect(chiSquare(thirds)).toBeLessThan(13.8); // 2 degrees of freedom; a plain remainder would give about 375
  });

  it.each([0, -1, 2.5, NaN, 2 ** 32 + 1])('refuses a count of %d', (count) => {
    expect(() => createRandom(0).integer(count)).toThrow(
      new ArgumentError(`Random.integer: expected an integer count of 1 to 2^32, got ${count}`),
    );
  });
});

describe('normal and chance', () => {
  it('normal has the mean, the deviation and the tails of a normal distribution', () => {
    const random = createRandom(8);
    const values = Array.from({ length: 40_000 }, () => random.normal(5, 2));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const outside = values.filter((value) => Math.abs(value - 5) > 4).length / values.length;
    expect(Math.abs(mean - 5)).toBeLessThan(0.04); // 4 standard errors of 2 / √40,000
    expect(Math.abs(Math.sqrt(variance) / 2 - 1)).toBeLessThan(0.0142); // 4 · 1 / √80,000
    expect(Math.abs(outside - 0.0455)).toBeLessThan(0.0042); // 4 · √(p(1 − p) / 40,000)
  });

  it('normal takes two uniform numbers', () => {
    const random = createRandom(9);
    const [radius, angle] = [random.uniform(), random.uniform()];
    const expected = Math.sqrt(-2 * Math.log(1 - radius)) * Math.cos(2 * Math.PI * angle);
    expect(createRandom(9).normal()).toBe(expected);
  });

  it('chance is true as often as asked for', () => {
    const random = createRandom(10);
    let hits = 0;
    for (let i = 0; i < 10_000; i++) if (random.chance(0.3)) hits++;
    expect(Math.abs(hits - 3000)).toBeLessThan(184); // 4 · √(10,000 · 0.3 · 0.7)
  });

  it('chance 0 is never true and chance 1 always', () => {
    const random = createRandom(11);
    for (let i = 0; i < 1000; i++) expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
  });
});

describe('permutation', () => {
  it('gives each of the six orders of three as often', () => {
    const random = createRandom(12);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = random.permutation(3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    expect(chiSquare([...counts.values()])).toBeLessThan(20.5); // 5 degrees of freedom, once in 1,000
  });

  it('is empty for none', () => {
    expect(createRandom(13).permutation(0)).toEqual(new Uint32Array(0));
  });

  it.each([-1, 2.5, NaN])('refuses a count of %d', (count) => {
    expect(() => createRandom(0).permutation(count)).toThrow(
      new ArgumentError(`Random.permutation: expected an integer count of at least 0, got ${count}`),
    );
  });
});

describe('fork', () => {
  it('gives the streams of 10,000 epochs and samples other numbers', () => {
    const random = createRandom(321);
    const firsts = new Set<number>();
    for (let epoch = 0; epoch < 10; epoch++) {
      for (let index = 0; index < 1000; index++) firsts.add(random.fork(epoch, index).uniform());
    }
    expect(firsts.size).toBeGreaterThan(9_997); // 32-bit seeds: 0.01 pairs are equal on average
  });

  it('tells the order of the keys, and is no copy of its parent', () => {
    const random = createRandom(14);
    const streams = [random, random.fork(0), random.fork(1), random.fork(0, 1), random.fork(1, 0)];
    expect(new Set(streams.map((stream) => stream.nextUint32())).size).toBe(5);
  });

  it('is not related to the parent: bits of neighbouring forks agree half the time', () => {
    const random = createRandom(15);
    let equal = 0;
    for (let key = 0; key < 1000; key++) {
      let same = ~(random.fork(key).nextUint32() ^ random.fork(key + 1).nextUint32());
      for (; same !== 0; same &= same - 1) equal++;
    }
    expect(Math.abs(equal - 16_000)).toBeLessThan(4 * Math.sqrt(8_000));
  });

  it.each([[[]], [[0.5]], [[1, NaN]]])('refuses the keys %j', (keys) => {
    expect(() => createRandom(0).fork(...keys)).toThrow(
      new ArgumentError(`Random.fork: expected at least one key, integers, got [${keys.join(', ')}]`),
    );
  });
});

describe('state', () => {
  it('survives JSON and leaves the stream alone', () => {
    const random = createRandom(16);
    draw(random, 5);
    const saved = JSON.parse(JSON.stringify(random.state())) as ReturnType<Random['state']>;
    const expected = draw(random, 5);
    expect(draw(restoreRandom(saved), 5)).toEqual(expected);
  });

  it('is a copy: drawing does not change a saved state', () => {
    const random = createRandom(17);
    const saved = random.state();
    const words = [...saved.words];
    draw(random, 3);
    draw(restoreRandom(saved), 3);
    expect(saved.words).toEqual(words);
  });

  it.each([
    [1, [0, 0, 0, 0]],
    [1, [1, 2, 3]],
    [1, [1, 2, 3, 2 ** 32]],
    [1, [1, 2, 3, -1]],
    [1, [1, 2, 3, null]],
    [0.5, [1, 2, 3, 4]],
    [1, undefined],
  ])('refuses seed %d with the words %j', (seed, words) => {
    const state = { seed, words } as unknown as ReturnType<Random['state']>;
    expect(() => restoreRandom(state)).toThrow(ArgumentError);
    expect(() => restoreRandom(state)).toThrow('restoreRandom: expected a seed and four words of 32 bits, not all 0');
  });
});
