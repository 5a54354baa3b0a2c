// Samples made by worker threads; inputs that are kept lie in memory that all of them see.
import { ArgumentError, HovernetError, type Random } from '@hovernet/core';
import { CacheBudget, type CacheLimits } from '../cache-budget.js';
import type { SampleOptions, SampleSource } from '../samples.js';
import { unpackValue, type PackedValue } from './packed-value.js';
import { SampleWorker } from './sample-worker.js';
import type { WorkerRequest } from './worker-messages.js';

/** Where worker threads find their recipe. */
export interface RecipeModule {
  /**
   * Address of a module that exports `createRecipe(data): SampleRecipe | Promise<SampleRecipe>`; every thread calls it once.
   * Samples and inputs must be plain data, typed arrays and ndarrays. A sample's memory is moved to the calling thread,
   * so it must not be part of anything that the recipe keeps, except of its input.
   */
  readonly module: URL;
  /** What `createRecipe` gets: anything that structured cloning copies. */
  readonly data: unknown;
}

/** Options of {@link openSampleWorkers}. */
export interface SampleWorkerOptions extends SampleOptions {
  /** Threads, 1 at least. */
  readonly workers: number;
}

/** Samples that a thread is asked for at a time: while it computes one, it reads the next. */
const samplesPerWorker = 2;

/**
 * Starts threads that make the same samples as `createSamples` with the same recipe. Kept inputs are in memory once,
 * whatever the number of threads. Dispose of the source; threads without work do not keep the process alive.
 * @throws ArgumentError if `workers` is not a positive integer, the data cannot be cloned or the module has no recipe;
 * whatever `createRecipe` throws. `make` throws what the recipe throws, with class, message, code and fields, and
 * HovernetError `WORKER_FAILED` once a thread has ended by itself.
 */
export async function openSampleWorkers<Sample>(
  { module, data }: RecipeModule,
  { workers, cache = { rate: 0 } }: SampleWorkerOptions,
): Promise<SampleSource<Sample>> {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new ArgumentError(
      `openSampleWorkers: expected at least 1 worker, got ${workers}; use createSamples for none`,
    );
  }
  const threads: SampleWorker[] = [];
  try {
    for (let count = 0; count < workers; count++) threads.push(new SampleWorker({ module: module.href, data }));
    const [length] = await Promise.all(threads.map(({ ready }) => ready));
    return new SampleWorkers<Sample>(threads, length!, cache);
  } catch (error) {
    await closeAll(threads);
    throw error;
  }
}

interface Task {
  readonly request: Omit<WorkerRequest, 'id' | 'input' | 'keep'>;
  resolve(sample: unknown): void;
  reject(error: unknown): void;
}

class SampleWorkers<Sample> implements SampleSource<Sample> {
  readonly workers: number;
  private readonly budget: CacheBudget;
  private readonly kept = new Map<number, PackedValue>();
  private readonly queue: Task[] = [];
  private failure: HovernetError | undefined;

  constructor(
    private readonly threads: readonly SampleWorker[],
    readonly length: number,
    limits: CacheLimits,
  ) {
    this.workers = threads.length;
    this.budget = new CacheBudget(length, limits);
  }

  get cachedCount(): number {
    return this.budget.count;
  }

  get cachedBytes(): number {
    return this.budget.bytes;
  }

  make(index: number, random: Random): Promise<Sample> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise<unknown>((resolve, reject) => {
      this.queue.push({ request: { index, random: random.state() }, resolve, reject });
      this.startTasks();
    }) as Promise<Sample>;
  }

  async dispose(): Promise<void> {
    this.stop(closed());
    await closeAll(this.threads);
  }

  private startTasks(): void {
    while (this.queue.length > 0) {
      const idlest = this.threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
      if (idlest.load >= samplesPerWorker) return;
      void this.run(this.queue.shift()!, idlest);
    }
  }

  private async run({ request, resolve, reject }: Task, thread: SampleWorker): Promise<void> {
    const { index } = request;
    const input = this.kept.get(index);
    const keep = input === undefined && this.budget.wants(index);
    try {
      const made = await thread.make({ ...request, input, keep });
      // Another thread may have handed the same input over meanwhile.
      if (made.input && !this.kept.has(index) && this.budget.take(made.input.bytes)) {
        this.kept.set(index, made.input.value);
      }
      resolve(unpackValue(made.sample));
    } catch (error) {
      // Without one of the threads nothing is as it should be: rather an error now than half the speed.
      if (error instanceof HovernetError && error.code === 'WORKER_FAILED') this.stop(error);
      reject(error);
    }
    this.startTasks();
  }

  /** Everything that is still to be made, now and later, fails with `failure`. */
  private stop(failure: HovernetError): void {
    this.failure ??= failure;
    for (const { reject } of this.queue.splice(0)) reject(this.failure);
  }
}

async function closeAll(threads: readonly SampleWorker[]): Promise<void> {
  await Promise.all(threads.map((thread) => thread.close(closed())));
}

function closed(): HovernetError {
  return new HovernetError('INTERRUPTED', 'sample workers: closed while samples were being made');
}
