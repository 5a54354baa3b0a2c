// How samples for a network are made: a part that is the same in every epoch and may be kept, and a random part.
import type { Random } from '@hovernet/core';
import type { CacheLimits } from './cache-budget.js';
import { createCacheDataset } from './cache-dataset.js';
import type { Dataset } from './dataset.js';

/** A data set and what is done with its samples in every epoch. */
export interface SampleRecipe<Input, Sample> {
  /** Reads and prepares; what it loads may be kept in memory and used for several epochs. */
  readonly dataset: Dataset<Input>;
  /** Makes a sample; `random` is the sample's own stream. It must not write to `input`. */
  readonly transform: (input: Input, random: Random) => Sample;
}

/** Makes samples by number, wherever it does so. */
export interface SampleSource<Sample> {
  /** Samples of the data set. */
  readonly length: number;
  /** Worker threads; 0: samples are made in the calling thread. */
  readonly workers: number;
  /** Inputs in memory now, and bytes of their arrays. */
  readonly cachedCount: number;
  readonly cachedBytes: number;
  /** Sample `index`; may be called for several at once. */
  make(index: number, random: Random): Promise<Sample>;
  /** Ends the threads; what is being made fails with code `INTERRUPTED`. */
  dispose(): Promise<void>;
}

/** Options of createSamples and openSampleWorkers. */
export interface SampleOptions {
  /** Which inputs to keep. @default none */
  readonly cache?: CacheLimits;
}

/** Samples made in the calling thread. */
export function createSamples<Input, Sample>(
  { dataset, transform }: SampleRecipe<Input, Sample>,
  { cache = { rate: 0 } }: SampleOptions = {},
): SampleSource<Sample> {
  const inputs = createCacheDataset(dataset, cache);
  return {
    length: inputs.length,
    workers: 0,
    get cachedCount() {
      return inputs.cachedCount;
    },
    get cachedBytes() {
      return inputs.cachedBytes;
    },
    make: async (index, random) => transform(await inputs.load(index), random),
    dispose: () => Promise.resolve(),
  };
}
