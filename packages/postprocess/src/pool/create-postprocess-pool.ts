// Post-processing in worker threads, so that the network can go on with the next image meanwhile.
import { ArgumentError, assertRawMaps, HovernetError, type RawMaps, type Segmentation } from '@hovernet/core';
import type { SegmentNucleiOptions } from '../segment-nuclei.js';
import { packMaps, type PackedMaps } from './packed-segmentation.js';
import { SegmentWorker } from './segment-worker.js';

export interface PostprocessPoolOptions {
  /** Threads, 1 at least. @default 1 */
  readonly workers?: number;
  /** Start the threads now, where other work is done before the first image, and not with the first images. @default false */
  readonly startNow?: boolean;
}

export interface PoolSegmentOptions extends SegmentNucleiOptions {
  /**
   * Hands the memory of the raw maps over to the thread instead of copying it: they are empty afterwards.
   * @default false
   */
  readonly moveMaps?: boolean;
}

/** Threads that run segmentNuclei. */
export interface PostprocessPool {
  /**
   * As segmentNuclei with the same arguments, and the same result whatever the number of threads. Images wait, in their
   * order, for a free thread; whoever asks for many at once holds their maps in memory.
   * @throws what segmentNuclei throws; HovernetError `WORKER_FAILED` if a thread ended by itself, `INTERRUPTED` once disposed.
   */
  segment(rawMaps: RawMaps, options?: PoolSegmentOptions): Promise<Segmentation>;
  /** Ends the threads; what is still waited for fails. */
  dispose(): Promise<void>;
}

interface Task {
  readonly maps: PackedMaps;
  readonly transfer: ArrayBuffer[];
  readonly options: SegmentNucleiOptions;
  resolve(segmentation: Segmentation): void;
  reject(error: unknown): void;
}

/** Makes a pool. Idle threads do not keep the process alive. @throws ArgumentError if `workers` is no positive integer. */
export function createPostprocessPool(options: PostprocessPoolOptions = {}): PostprocessPool {
  const { workers = 1, startNow = false } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new ArgumentError(`createPostprocessPool: expected at least 1 worker, got ${workers}`);
  }
  return new WorkerPool(workers, startNow);
}

class WorkerPool implements PostprocessPool {
  private readonly threads: SegmentWorker[] = [];
  private readonly idle: SegmentWorker[] = [];
  private readonly queue: Task[] = [];
  private isClosed = false;

  constructor(
    private readonly size: number,
    startNow: boolean,
  ) {
    for (let thread = startNow && this.startThread(); thread; thread = this.startThread()) this.idle.push(thread);
  }

  async segment(rawMaps: RawMaps, options: PoolSegmentOptions = {}): Promise<Segmentation> {
    const { moveMaps = false, ...rest } = options;
    assertRawMaps('segmentNuclei', rawMaps);
    if (this.isClosed) throw closed();
    const { maps, transfer } = packMaps(rawMaps, moveMaps);
    return new Promise((resolve, reject) => {
      this.queue.push({ maps, transfer, options: rest, resolve, reject });
      this.startTasks();
    });
  }

  async dispose(): Promise<void> {
    this.isClosed = true;
    for (const { reject } of this.queue.splice(0)) reject(closed());
    await Promise.all(this.threads.map((thread) => thread.close(closed())));
  }

  private startTasks(): void {
    while (this.queue.length > 0) {
      const thread = this.idle.pop() ?? this.startThread();
      if (!thread) return;
      void this.run(this.queue.shift()!, thread);
    }
  }

  private startThread(): SegmentWorker | undefined {
    if (this.threads.length === this.size) return undefined;
    const thread = new SegmentWorker();
    this.threads.push(thread);
    return thread;
  }

  private async run({ maps, transfer, options, resolve, reject }: Task, thread: SegmentWorker): Promise<void> {
    try {
      resolve(await thread.segment(maps, options, transfer));
    } catch (error) {
      reject(error);
    }
    this.idle.push(thread);
    this.startTasks();
  }
}

function closed(): HovernetError {
  return new HovernetError('INTERRUPTED', 'postprocess pool: disposed of while nuclei were being segmented');
}
