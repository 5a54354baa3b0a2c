// Batches of transformed samples; which, and from which random numbers, depends on seed, epoch and index alone.
import { ArgumentError, createRandom, HovernetError, type Random } from '@hovernet/core';
import type { Dataset } from './dataset.js';

/** Options of {@link createLoader}. */
export interface LoaderOptions<Input, Sample, Batch> {
  readonly batchSize: number;
  /** Whether each epoch has its own random order. @default false */
  readonly shuffle?: boolean;
  /** @default 0 */
  readonly seed?: number;
  /** Whether a last batch of fewer samples is left out. @default false */
  readonly dropLast?: boolean;
  /** Makes a training sample; `random` is the sample's own stream. It must not write to the sample that it gets. */
  readonly transform: (sample: Input, random: Random) => Sample | Promise<Sample>;
  /** Joins the samples of a batch. */
  readonly collate: (samples: readonly Sample[]) => Batch;
}

/** Where to go on: `position` samples of `epoch` were handed out. */
export interface SamplerState {
  readonly epoch: number;
  readonly position: number;
}

/** A batch and where it came from. */
export interface LoadedBatch<Batch> {
  readonly batch: Batch;
  /** Its samples' indices in the data set. */
  readonly indices: readonly number[];
  /** State to save with a checkpoint made after this batch; pass it to {@link Loader.batches} to go on. */
  readonly next: SamplerState;
}

/** Hands out the batches of a data set. */
export interface Loader<Batch> {
  readonly batchesPerEpoch: number;
  /**
   * The batches of an epoch from `position` on; the next one is made while the caller works on the last.
   * @throws HovernetError `INTERRUPTED` when `signal` is aborted, and whatever reading and transforming throw.
   */
  batches(
    epoch: number,
    options?: { readonly position?: number; readonly signal?: AbortSignal },
  ): AsyncGenerator<LoadedBatch<Batch>, void, undefined>;
}

/**
 * A loader over `dataset`. Sample `index` of `epoch` draws from `createRandom(seed).fork(epoch, index)`, the order from
 * `createRandom(seed).fork(epoch)`, so that neither timing nor the number of workers changes a byte.
 * @throws ArgumentError if `batchSize` is not a positive integer.
 */
export function createLoader<Input, Sample, Batch>(
  dataset: Dataset<Input>,
  options: LoaderOptions<Input, Sample, Batch>,
): Loader<Batch> {
  const { batchSize, shuffle = false, seed = 0, dropLast = false } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new ArgumentError(`createLoader: expected a batch size of at least 1, got ${batchSize}`);
  }
  const random = createRandom(seed);
  const batchesPerEpoch = dropLast ? Math.floor(dataset.length / batchSize) : Math.ceil(dataset.length / batchSize);
  const usedLength = dropLast ? batchesPerEpoch * batchSize : dataset.length;

  async function makeSample(epoch: number, index: number): Promise<Sample> {
    return options.transform(await dataset.load(index), random.fork(epoch, index));
  }

  async function makeBatch(epoch: number, order: ArrayLike<number>, position: number): Promise<LoadedBatch<Batch>> {
    const end = Math.min(position + batchSize, usedLength);
    const indices = Array.from({ length: end - position }, (_, at) => order[position + at]!);
    const samples = await Promise.all(indices.map((index) => makeSample(epoch, index)));
    const next = end < usedLength ? { epoch, position: end } : { epoch: epoch + 1, position: 0 };
    return { batch: options.collate(samples), indices, next };
  }

  async function* batches(
    epoch: number,
    { position = 0, signal }: { position?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<LoadedBatch<Batch>, void, undefined> {
    const order = shuffle
      ? random.fork(epoch).permutation(dataset.length)
      : Uint32Array.from({ length: dataset.length }, (_, index) => index);
    const start = (at: number) => {
      const batch = at < usedLength ? makeBatch(epoch, order, at) : null;
      // It is awaited later or, if the caller stops, never: its failure must not count as unhandled.
      batch?.catch(() => {});
      return batch;
    };
    let pending = start(position);
    while (pending) {
      if (signal?.aborted) throw new HovernetError('INTERRUPTED', 'loader: interrupted', { cause: signal.reason });
      const loaded = await pending;
      pending = loaded.next.epoch === epoch ? start(loaded.next.position) : null;
      yield loaded;
    }
  }

  return { batchesPerEpoch, batches };
}
