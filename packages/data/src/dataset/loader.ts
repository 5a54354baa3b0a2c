// Batches of samples; which, and from which random numbers, depends on seed, epoch and index alone.
import { ArgumentError, createRandom, HovernetError, type Random } from '@hovernet/core';
import { createSampler, type SamplerOptions } from './sampler.js';
import type { SampleSource } from './samples.js';

/** Options of {@link createLoader}. */
export interface LoaderOptions<Sample, Batch> extends SamplerOptions {
  readonly batchSize: number;
  /** Whether a last batch of fewer samples is left out. @default false */
  readonly dropLast?: boolean;
  /**
   * Batches that are made while the caller works on one.
   * @default 1 in the calling thread; with workers as many as keep each of them busy, 2 at least
   */
  readonly prefetch?: number;
  /** Joins the samples of a batch. */
  readonly collate: (samples: readonly Sample[]) => Batch;
}

/** Where to resume: `position` samples of `epoch` were handed out. */
export interface SamplerState {
  readonly epoch: number;
  readonly position: number;
}

/** A batch and where it came from. */
export interface LoadedBatch<Batch> {
  readonly batch: Batch;
  /** Its samples' indices in the data set. */
  readonly indices: readonly number[];
  /** State to save with a checkpoint made after this batch; pass it to {@link Loader.batches} to resume. */
  readonly next: SamplerState;
}

/** Hands out the batches of a data set. */
export interface Loader<Batch> {
  readonly batchesPerEpoch: number;
  /** Samples of one epoch, those of batches that are left out not counted. */
  readonly samplesPerEpoch: number;
  /**
   * The batches of an epoch from `position` on; further ones are made while the caller works on one.
   * @throws HovernetError `INTERRUPTED` as soon as `signal` is aborted, and whatever reading and transforming throw.
   */
  batches(
    epoch: number,
    options?: { readonly position?: number; readonly signal?: AbortSignal },
  ): AsyncGenerator<LoadedBatch<Batch>, void, undefined>;
}

/**
 * A loader over `samples`, which the caller disposes of. Sample `index` of `epoch` draws from
 * `createRandom(seed).fork(epoch, index)` (with weights also its place in the epoch), the order from `createRandom(seed).fork(epoch)`, so that neither timing nor the
 * number of workers changes a byte.
 * @throws ArgumentError if `batchSize` or `prefetch` is not a positive integer, or the share is none.
 */
export function createLoader<Sample, Batch>(
  samples: SampleSource<Sample>,
  options: LoaderOptions<Sample, Batch>,
): Loader<Batch> {
  const { batchSize, dropLast = false } = options;
  assertCount('a batch size', batchSize);
  const prefetch = options.prefetch ?? defaultPrefetch(samples.workers, batchSize);
  assertCount('a prefetch', prefetch);
  const random = createRandom(options.seed ?? 0);
  const sampler = createSampler(samples.length, options);
  const batchesPerEpoch = dropLast ? Math.floor(sampler.length / batchSize) : Math.ceil(sampler.length / batchSize);
  const samplesPerEpoch = dropLast ? batchesPerEpoch * batchSize : sampler.length;

  /** A sample that is drawn several times is made differently each time. */
  function streamOf(epoch: number, index: number, place: number): Random {
    return options.weights ? random.fork(epoch, index, place) : random.fork(epoch, index);
  }

  async function makeBatch(epoch: number, order: Uint32Array, position: number): Promise<LoadedBatch<Batch>> {
    const end = Math.min(position + batchSize, samplesPerEpoch);
    const indices = [...order.subarray(position, end)];
    const made = await inOrder(indices.map((index, at) => samples.make(index, streamOf(epoch, index, position + at))));
    const next = end < samplesPerEpoch ? { epoch, position: end } : { epoch: epoch + 1, position: 0 };
    return { batch: options.collate(made), indices, next };
  }

  async function* batches(
    epoch: number,
    { position = 0, signal }: { position?: number; signal?: AbortSignal } = {},
  ): AsyncGenerator<LoadedBatch<Batch>, void, undefined> {
    const order = sampler.order(epoch);
    const pending: Promise<LoadedBatch<Batch>>[] = [];
    let at = position;
    const startBatches = () => {
      for (; pending.length < prefetch && at < samplesPerEpoch; at += batchSize) {
        pending.push(quiet(makeBatch(epoch, order, at)));
      }
    };
    startBatches();
    while (pending.length > 0) {
      const loaded = await untilAborted(pending.shift()!, signal);
      startBatches();
      yield loaded;
    }
  }

  return { batchesPerEpoch, samplesPerEpoch, batches };
}

function assertCount(what: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new ArgumentError(`createLoader: expected ${what} of at least 1, got ${count}`);
}

/** Two samples for each worker, and one batch more than the one that is waited for. */
function defaultPrefetch(workers: number, batchSize: number): number {
  return workers === 0 ? 1 : Math.max(2, Math.ceil((2 * workers) / batchSize));
}

/** Results in their order; of several failures the first in that order counts, whichever came first. */
async function inOrder<T>(work: readonly Promise<T>[]): Promise<T[]> {
  for (const promise of work) void quiet(promise);
  const results: T[] = [];
  for (const promise of work) results.push(await promise);
  return results;
}

/** The promise, awaited later or, if the caller stops, never: its failure must not count as unhandled. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** What comes of `work`, or a failure as soon as `signal` is aborted. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = () => reject(new HovernetError('INTERRUPTED', 'loader: interrupted', { cause: signal.reason }));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
