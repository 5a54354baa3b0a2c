// Post-processing in threads, so that the network can work on the next image meanwhile. Threads come from Node or the page.
import {
  ArgumentError,
  assertRawMaps,
  HovernetError,
  listNuclei,
  type RawMaps,
  type Segmentation,
} from '@hovernet/core';
import type { SegmentNucleiOptions } from '../segment-nuclei.js';
import {
  packRequest,
  unpackSegmentation,
  type SegmentAnswer,
  type Posted,
  type SegmentationTable,
  type SegmentRequest,
} from './messages.js';

export interface PostprocessPoolOptions {
  /** Threads, 1 at least. @default 1 */
  readonly workers?: number;
  /** Start the threads now, where other work is done before the first image, and not with the first images. @default false */
  readonly startNow?: boolean;
}

/** Threads that run segmentNuclei. */
export interface PostprocessPool {
  /**
   * As segmentNuclei with the same arguments, and the same result whatever the number of threads. Images wait, in their
   * order, for a free thread. Leave the maps unchanged until the result is there: they are copied when a thread takes them,
   * and again for another thread if that one dies.
   * @throws what segmentNuclei throws; HovernetError `WORKER_FAILED` if two threads died of the image, `INTERRUPTED` once disposed
   */
  segment(rawMaps: RawMaps, options?: SegmentNucleiOptions): Promise<Segmentation>;
  /** As `segment`, with the nuclei as a table: they come from the thread without a copy. */
  segmentTable(rawMaps: RawMaps, options?: SegmentNucleiOptions): Promise<SegmentationTable>;
  /** Ends the threads; what is still waited for fails. */
  dispose(): Promise<void>;
}

/** A thread that answers one request at a time. */
export interface PoolThread {
  post(request: Posted<SegmentRequest>): void;
  end(): Promise<void>;
}

/** What a thread reports. */
export interface ThreadEvents {
  onAnswer(answer: SegmentAnswer): void;
  /** The thread ended, or cannot be understood. May be called again. */
  onDeath(cause: Error): void;
}

export type StartThread = (events: ThreadEvents) => PoolThread;

interface Task {
  readonly rawMaps: RawMaps;
  readonly options: SegmentNucleiOptions;
  /** Whether a thread died of it. */
  isRetry: boolean;
  resolve(segmentation: SegmentationTable): void;
  reject(error: unknown): void;
}

/** A pool of threads made by `startThread`. @throws ArgumentError if `workers` is no positive integer. */
export function createThreadPool(startThread: StartThread, options: PostprocessPoolOptions): PostprocessPool {
  const { workers = 1, startNow = false } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new ArgumentError(`createPostprocessPool: expected at least 1 worker, got ${workers}`);
  }
  const pool = new ThreadPool(startThread, workers);
  if (startNow) pool.startThreads();
  return pool;
}

class ThreadPool implements PostprocessPool {
  private readonly queue: Task[] = [];
  private readonly idle: PoolThread[] = [];
  /** All threads, with what each is doing. */
  private readonly threads = new Map<PoolThread, Task | undefined>();
  private isClosed = false;

  constructor(
    private readonly start: StartThread,
    private readonly size: number,
  ) {}

  async segment(rawMaps: RawMaps, options?: SegmentNucleiOptions): Promise<Segmentation> {
    const { instanceMap, typeMap, table } = await this.segmentTable(rawMaps, options);
    return { instanceMap, typeMap, nuclei: listNuclei(table) };
  }

  async segmentTable(rawMaps: RawMaps, options: SegmentNucleiOptions = {}): Promise<SegmentationTable> {
    assertRawMaps('segmentNuclei', rawMaps);
    if (this.isClosed) throw closed();
    return new Promise((resolve, reject) => {
      this.queue.push({ rawMaps, options, isRetry: false, resolve, reject });
      this.startTasks();
    });
  }

  async dispose(): Promise<void> {
    this.isClosed = true;
    const tasks = [...this.threads.values(), ...this.queue];
    const threads = [...this.threads.keys()];
    this.threads.clear();
    this.queue.length = 0;
    for (const task of tasks) task?.reject(closed());
    await Promise.all(threads.map((thread) => thread.end()));
  }

  startThreads(): void {
    while (this.threads.size < this.size) this.idle.push(this.startThread());
  }

  private startTasks(): void {
    while (this.queue.length > 0 && (this.idle.length > 0 || this.threads.size < this.size)) {
      const thread = this.idle.pop() ?? this.startThread();
      const task = this.queue.shift()!;
      try {
        thread.post(packRequest(task.rawMaps, task.options));
        this.threads.set(thread, task);
      } catch (error) {
        task.reject(error);
        this.idle.push(thread);
      }
    }
  }

  private startThread(): PoolThread {
    const thread = this.start({
      onAnswer: (answer) => this.finish(thread, answer),
      onDeath: (cause) => this.replace(thread, cause),
    });
    this.threads.set(thread, undefined);
    return thread;
  }

  private finish(thread: PoolThread, answer: SegmentAnswer): void {
    const task = this.threads.get(thread);
    if (!task) return;
    this.threads.set(thread, undefined);
    this.idle.push(thread);
    if ('segmentation' in answer) task.resolve(unpackSegmentation(answer.segmentation));
    else if (answer.failure.isArgument) task.reject(new ArgumentError(answer.failure.message));
    else task.reject(new HovernetError('WORKER_FAILED', `segmentNuclei in a thread: ${answer.failure.message}`));
    this.startTasks();
  }

  /** The dead thread's place is free, and its image is the next; a second thread's death is reported. */
  private replace(thread: PoolThread, cause: Error): void {
    const task = this.threads.get(thread);
    if (!this.threads.delete(thread)) return;
    if (this.idle.includes(thread)) this.idle.splice(this.idle.indexOf(thread), 1);
    void thread.end();
    if (task?.isRetry) task.reject(died(cause));
    else if (task) this.queue.unshift(Object.assign(task, { isRetry: true }));
    this.startTasks();
  }
}

function closed(): HovernetError {
  return new HovernetError('INTERRUPTED', 'postprocess pool: disposed of while nuclei were being segmented');
}

function died(cause: Error): HovernetError {
  const message = `postprocess pool: two threads ended while they segmented an image (${cause.message}); use fewer workers if memory ran out`;
  return new HovernetError('WORKER_FAILED', message, { cause });
}
