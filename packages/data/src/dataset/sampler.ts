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
 * @throws ArgumentError if the share is none.
 */
export function createSampler(length: number, options: SamplerOptions = {}): Sampler {
  const { shuffle = false, seed = 0, share = { rank: 0, size: 1 } } = options;
  const { rank, size, evenDivisible = true } = share;
  const isShare = Number.isInteger(size) && Number.isInteger(rank) && rank >= 0 && rank < size;
  if (!isShare) throw new ArgumentError(`createSampler: expected a rank of 0 … size − 1, got ${rank} of ${size}`);
  const random = createRandom(seed);
  const ownLength = evenDivisible ? Math.ceil(length / size) : Math.max(0, Math.ceil((length - rank) / size));
  return {
    length: ownLength,
    order(epoch) {
      const whole = shuffle ? random.fork(epoch).permutation(length) : Uint32Array.from({ length }, (_, at) => at);
      return Uint32Array.from({ length: ownLength }, (_, at) => whole[(rank + at * size) % length]!);
    },
  };
}
