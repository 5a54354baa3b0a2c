// Seeded random numbers: xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32; state can be saved and restored.
import { ArgumentError } from './errors.js';

/** The four 32-bit words of a generator's state. */
export type RandomState = readonly [number, number, number, number];

/** A stream of random numbers that is the same for the same seed on every machine. */
export interface Random {
  /** Uniform unsigned 32-bit integer. */
  nextUint32(): number;
  /** Uniform in [low, high), 53 bits; `low` where the two are equal. Default [0, 1). */
  uniform(low?: number, high?: number): number;
  /** Uniform integer in [0, count), without bias; `count` is an integer of 1 to 2^32. */
  integer(count: number): number;
  /** Normal with the given mean and standard deviation (Box–Muller, one value per two uniforms). */
  normal(mean?: number, deviation?: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** A random order of 0…count−1 (Fisher–Yates). */
  permutation(count: number): Uint32Array;
  /**
   * An independent stream that depends on this stream's seed and the keys alone, not on how much was drawn.
   * At least one key, integers (their lowest 32 bits count); `fork(a, b)` is `fork(a).fork(b)`.
   */
  fork(...keys: readonly number[]): Random;
  /** The state, to continue the same stream later with {@link restoreRandom}. */
  state(): { readonly seed: number; readonly words: RandomState };
}

/** A stream for `seed`, any integer (its lowest 32 bits count). */
export function createRandom(seed: number): Random {
  if (!Number.isInteger(seed)) throw new ArgumentError(`createRandom: expected an integer seed, got ${seed}`);
  return new Xoshiro128(seed >>> 0, seedWords(seed >>> 0));
}

/**
 * Continues the stream whose {@link Random.state} was saved.
 * @throws ArgumentError if it is no such state, for example one of a damaged file.
 */
export function restoreRandom(state: { readonly seed: number; readonly words: RandomState }): Random {
  const { seed, words } = state;
  const wellFormed = isUint32(seed) && Array.isArray(words) && words.length === 4 && words.every(isUint32);
  if (!wellFormed || words.every((word) => word === 0)) {
    throw new ArgumentError(
      `restoreRandom: expected a seed and four words of 32 bits, not all 0, got ${JSON.stringify(state)}`,
    );
  }
  return new Xoshiro128(seed, words);
}

class Xoshiro128 implements Random {
  private readonly words: Uint32Array;

  constructor(
    private readonly seed: number,
    words: RandomState,
  ) {
    this.words = Uint32Array.from(words);
  }

  nextUint32(): number {
    const s = this.words;
    const result = Math.imul(rotateLeft(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }

  uniform(low = 0, high = 1): number {
    const fraction = ((this.nextUint32() >>> 5) * 67108864 + (this.nextUint32() >>> 6)) / 9007199254740992;
    const value = low + (high - low) * fraction;
    return value === high ? low : value; // rounding may reach the open end
  }

  integer(count: number): number {
    if (!Number.isInteger(count) || count < 1 || count > 0x100000000) {
      throw new ArgumentError(`Random.integer: expected an integer count of 1 to 2^32, got ${count}`);
    }
    const limit = 0x100000000 - (0x100000000 % count);
    let value = this.nextUint32();
    while (value >= limit) value = this.nextUint32();
    return value % count;
  }

  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  permutation(count: number): Uint32Array {
    if (!isUint32(count)) {
      throw new ArgumentError(`Random.permutation: expected an integer count of at least 0, got ${count}`);
    }
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const value = order[last]!;
      order[last] = order[other]!;
      order[other] = value;
    }
    return order;
  }

  fork(...keys: readonly number[]): Random {
    if (keys.length === 0 || !keys.every(Number.isInteger)) {
      throw new ArgumentError(`Random.fork: expected at least one key, integers, got [${keys.join(', ')}]`);
    }
    let hash = this.seed;
    for (const key of keys) hash = mix(hash ^ mix((key >>> 0) + 0x9e3779b9));
    return createRandom(hash);
  }

  state(): { readonly seed: number; readonly words: RandomState } {
    const [a, b, c, d] = this.words;
    return { seed: this.seed, words: [a!, b!, c!, d!] };
  }
}

function isUint32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function seedWords(seed: number): RandomState {
  const words = [1, 2, 3, 4].map((step) => mix((seed + Math.imul(step, 0x9e3779b9)) >>> 0));
  return [words[0]!, words[1]!, words[2]!, words[3]! || 1];
}

function mix(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}
