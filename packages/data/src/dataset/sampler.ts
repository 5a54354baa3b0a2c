// Which samples an epoch shows and in which order, divided among the processes of a distributed training.
import { ArgumentError, createRandom } from '@hovernet/core';

/** The part of every epoch that one of several processes works on. */
export interface SamplerShare {
  /** Number of this process, 0 … size − 1. */
  readonly rank: number;
  /** Number of processes. */
  readonly size: number;
  /**
   * Whether all processes get equally many samples, for which the first ones of the order are repeated at its end. If not,
   * every sample goes to exactly one process, and counts differ by one at most.
   * @default true
   */
  readonly evenDivisible?: boolean;
}

/** Options of {@link createSampler}. */
export interface SamplerOptions {
  /** Whether each epoch has its own random order. @default false */
  readonly shuffle?: boolean;
  /** @default 0 */
  readonly seed?: number;
  /** @default the whole epoch */
  readonly share?: SamplerShare;
  /**
   * How often each sample of the data set is drawn, relative to the others: an epoch then draws at random and puts back, so
   * that it shows some samples several times and others not at all. Needs `shuffle`.
   * @default every sample once
   */
  readonly weights?: ArrayLike<number>;
  /** Samples that an epoch draws where there are weights. @default as many as the data set has */
  readonly samplesPerEpoch?: number;
}

/** Order of the samples of an epoch. */
export interface Sampler {
  /** Samples of one epoch, repeated ones included. */
  readonly length: number;
  /** Their indices in the data set. */
  order(epoch: number): Uint32Array;
}

/**
 * A sampler over a data set of `length` samples. The order depends on `seed` and `epoch` alone, so all processes divide the
 * same one: process `rank` takes places rank, rank + size, rank + 2·size, …, as MONAI's DistributedSampler does.
 * @throws ArgumentError if the share is none, or the weights are not one for each sample, 0 or more, some above 0.
 */
export function createSampler(length: number, options: SamplerOptions = {}): Sampler {
  const { rank, size, evenDivisible = true } = options.share ?? { rank: 0, size: 1 };
  const isShare = Number.isInteger(size) && Number.isInteger(rank) && rank >= 0 && rank < size;
  if (!isShare) throw new ArgumentError(`createSampler: expected a rank of 0 … size − 1, got ${rank} of ${size}`);
  const { total, orderOf } = createOrder(length, options);
  const ownLength = evenDivisible ? Math.ceil(total / size) : Math.max(0, Math.ceil((total - rank) / size));
  return {
    length: ownLength,
    order(epoch) {
      const whole = orderOf(epoch);
      return Uint32Array.from({ length: ownLength }, (_, at) => whole[(rank + at * size) % total]!);
    },
  };
}

/** The order of whole epochs of `total` samples. */
function createOrder(
  length: number,
  { shuffle = false, seed = 0, weights, samplesPerEpoch }: SamplerOptions,
): { readonly total: number; readonly orderOf: (epoch: number) => Uint32Array } {
  const random = createRandom(seed);
  if (!weights) {
    const orderOf = (epoch: number) =>
      shuffle ? random.fork(epoch).permutation(length) : Uint32Array.from({ length }, (_, at) => at);
    return { total: length, orderOf };
  }
  if (!shuffle) throw new ArgumentError('createSampler: expected shuffle with weights, got none');
  const total = samplesPerEpoch ?? length;
  const draw = createDraw(length, weights);
  const orderOf = (epoch: number) => {
    const stream = random.fork(epoch);
    return Uint32Array.from({ length: total }, () => draw(stream.uniform()));
  };
  return { total, orderOf };
}

/** Gives the index whose share of the weights a number of 0…1 falls into. */
function createDraw(length: number, weights: ArrayLike<number>): (position: number) => number {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index]!;
    if (!(weight >= 0 && weight < Infinity)) {
      throw new ArgumentError(`createSampler: expected weights of 0 or more, got ${weight} for sample ${index}`);
    }
    sums[index] = sum += weight;
  }
  if (weights.length !== length || !(sum > 0)) {
    const got = weights.length === length ? 'only zeros' : `${weights.length}`;
    throw new ArgumentError(`createSampler: expected ${length} weights, some above 0, got ${got}`);
  }
  return (position) => {
    let [low, high] = [0, length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > position * sum) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
