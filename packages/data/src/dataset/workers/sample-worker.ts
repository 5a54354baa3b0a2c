// One worker thread that makes samples, seen from the calling thread.
import { Worker } from 'node:worker_threads';
import { ArgumentError, HovernetError } from '@hovernet/core';
import { unpackError } from './packed-error.js';
import type { WorkerAnswer, WorkerRequest, WorkerStart } from './worker-messages.js';

type MadeSample = Extract<WorkerAnswer, { readonly kind: 'made' }>;

interface Waiting {
  resolve(made: MadeSample): void;
  reject(error: Error): void;
}

/** A thread; whatever ends it fails everything that it was asked for. */
export class SampleWorker {
  /** Length of the recipe's data set, once the recipe is there. */
  readonly ready: Promise<number>;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private failure: Error | undefined;
  private settleReady: { resolve(length: number): void; reject(error: Error): void } | undefined;
  private nextId = 0;

  /** Throws an ArgumentError where `start.data` cannot be cloned. */
  constructor(start: WorkerStart) {
    this.ready = new Promise((resolve, reject) => (this.settleReady = { resolve, reject }));
    this.ready.catch(() => {});
    this.worker = startThread(start);
    this.worker.on('message', (answer: WorkerAnswer) => this.settle(answer));
    this.worker.on('messageerror', (error) => this.crash(error));
    this.worker.on('error', (error) => this.crash(error));
    this.worker.on('exit', (code) => this.crash(new Error(`exit code ${code}`)));
  }

  /** Samples that it was asked for and has not made. */
  get load(): number {
    return this.waiting.size;
  }

  make(request: Omit<WorkerRequest, 'id'>): Promise<MadeSample> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage({ ...request, id });
    });
  }

  /** Ends the thread; what it was asked for fails with `reason`. */
  async close(reason: Error): Promise<void> {
    this.fail(reason);
    await this.worker.terminate();
  }

  private settle(answer: WorkerAnswer): void {
    // Late answers must not let the process end before the thread has.
    if (this.failure) return;
    // A thread that waits for requests does not keep the process alive.
    if (answer.kind === 'ready') {
      this.worker.unref();
      return this.settleReady?.resolve(answer.length);
    }
    if (answer.kind === 'refused') return this.fail(unpackError(answer.error));
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.worker.unref();
    if (answer.kind === 'made') waiting?.resolve(answer);
    else waiting?.reject(unpackError(answer.error));
  }

  private crash(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `sample worker: expected the thread to run on, it ended (${why}); use fewer workers if memory ran out`;
    this.fail(new HovernetError('WORKER_FAILED', message, { cause }));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.settleReady?.reject(this.failure);
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }
}

function startThread(workerData: WorkerStart): Worker {
  try {
    // Flags of the process hold for the thread too: so do loaders of sources.
    return new Worker(new URL('./sample-thread.js', import.meta.url), { workerData, name: 'hovernet samples' });
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause;
    const expected = 'openSampleWorkers: expected data that structured cloning can copy';
    throw new ArgumentError(`${expected}, got something else (${cause.message})`, { cause });
  }
}
