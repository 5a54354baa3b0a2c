// One worker thread that segments raw maps, seen from the calling thread.
import { Worker } from 'node:worker_threads';
import { ArgumentError, HovernetError, type Segmentation } from '@hovernet/core';
import type { SegmentNucleiOptions } from '../segment-nuclei.js';
import { unpackSegmentation, type PackedMaps, type SegmentAnswer, type SegmentRequest } from './packed-segmentation.js';

interface Waiting {
  resolve(segmentation: Segmentation): void;
  reject(error: Error): void;
}

/** A thread; whatever ends it fails everything that it was asked for. */
export class SegmentWorker {
  // Flags of the process hold for the thread too: so do loaders of sources.
  private readonly worker = new Worker(new URL('./pool-thread.js', import.meta.url), { name: 'hovernet postprocess' });
  private readonly waiting = new Map<number, Waiting>();
  private failure: Error | undefined;
  private nextId = 0;

  constructor() {
    this.worker.on('message', (answer: SegmentAnswer) => this.settle(answer));
    this.worker.on('messageerror', (error) => this.crash(error));
    this.worker.on('error', (error) => this.crash(error));
    this.worker.on('exit', (code) => this.crash(new Error(`exit code ${code}`)));
    // A thread that waits for work does not keep the process alive.
    this.worker.unref();
  }

  segment(maps: PackedMaps, options: SegmentNucleiOptions, transfer: ArrayBuffer[]): Promise<Segmentation> {
    if (this.failure) return Promise.reject(this.failure);
    const request: SegmentRequest = { id: this.nextId++, maps, options };
    return new Promise((resolve, reject) => {
      this.worker.postMessage(request, transfer);
      this.waiting.set(request.id, { resolve, reject });
      this.worker.ref();
    });
  }

  /** Ends the thread; what it was asked for fails with `reason`. */
  async close(reason: Error): Promise<void> {
    this.fail(reason);
    await this.worker.terminate();
  }

  private settle(answer: SegmentAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.worker.unref();
    if ('segmentation' in answer) waiting?.resolve(unpackSegmentation(answer.segmentation));
    else if (answer.failure.isArgument) waiting?.reject(new ArgumentError(answer.failure.message));
    else waiting?.reject(new HovernetError('WORKER_FAILED', `segmentNuclei in a thread: ${answer.failure.message}`));
  }

  private crash(cause: Error): void {
    const message = `postprocess pool: expected the thread to run on, it ended (${cause.message}); use fewer workers if memory ran out`;
    this.fail(new HovernetError('WORKER_FAILED', message, { cause }));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(this.failure);
    this.waiting.clear();
  }
}
