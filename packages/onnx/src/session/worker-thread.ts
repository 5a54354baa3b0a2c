// A session in a worker thread. Inputs lie in memory that both threads see; outputs are moved back without a copy.
import type { HostArray, HostData } from '@hovernet/ops/contract';
import type { InferenceSession } from 'onnxruntime-node';
import { Worker } from 'node:worker_threads';
import { sizeOf } from '../layout.js';
import { runtimeMissing } from './providers.js';
import { forbidTelemetry } from './without-telemetry.js';
import { copyFeeds, type SessionInput, type SessionThread } from './session-thread.js';
import type { BoundInput, WorkerAnswer, WorkerCall } from './worker-messages.js';

/**
 * Starts a thread and loads the runtime in it.
 * @throws UnsupportedError if onnxruntime-node is not installed or does not load.
 */
export async function startWorkerThread(): Promise<SessionThread> {
  forbidTelemetry();
  const thread = new WorkerThread();
  try {
    await thread.load();
  } catch (cause) {
    await thread.close();
    throw runtimeMissing(cause);
  }
  return thread;
}

class WorkerThread implements SessionThread {
  version = '';
  private readonly worker = new Worker(new URL('./session-worker.mjs', import.meta.url), { execArgv: [] });
  private readonly pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  private inputs: readonly BoundInput[] = [];
  /** Settles when the session can take the next feeds: they share one place. */
  private idle: Promise<unknown> = Promise.resolve();
  private running = 0;
  private nextId = 0;
  private failure: Error | undefined;

  constructor() {
    this.worker.on('message', (answer: WorkerAnswer) => this.settle(answer));
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', (code) => this.fail(new Error(`the thread of the session ended with code ${code}`)));
    // An idle session does not keep the process alive.
    this.worker.unref();
  }

  async load(): Promise<void> {
    this.version = (await this.call({ kind: 'load' })) as string;
  }

  async take(model: Uint8Array): Promise<void> {
    // Bytes that fill their buffer are moved: models with weights are large.
    const moved = model.buffer instanceof ArrayBuffer && model.byteLength === model.buffer.byteLength;
    await this.call({ kind: 'take', model }, moved ? [model.buffer as ArrayBuffer] : []);
  }

  async open(options: InferenceSession.SessionOptions, path?: string): Promise<void> {
    await this.call({ kind: 'open', path, options });
  }

  async bind(inputs: readonly SessionInput[]): Promise<void> {
    this.inputs = inputs.map(({ name, type, dims }) => {
      const memory = new SharedArrayBuffer(4 * sizeOf(dims));
      return { name, type, dims, shared: type === 'int32' ? new Int32Array(memory) : new Float32Array(memory) };
    });
    await this.call({ kind: 'bind', inputs: this.inputs });
  }

  async run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostArray>> {
    // Feeds that must wait for their turn are kept as they are now: the caller may change its arrays meanwhile.
    const held = this.running > 0 ? copyFeeds(feeds) : undefined;
    if (!held) this.share(feeds);
    this.running++;
    const result = this.idle.then(() => {
      if (held) this.share(held);
      return this.call({ kind: 'run' });
    });
    this.idle = Promise.allSettled([result]).then(() => void this.running--);
    return Object.fromEntries((await result) as [string, HostArray][]);
  }

  async runArrays(feeds: Readonly<Record<string, HostArray>>): Promise<Record<string, HostArray>> {
    const buffers = Object.values(feeds).flatMap(({ data: { buffer, byteLength } }) =>
      buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
    );
    const result = this.call({ kind: 'runArrays', feeds }, [...new Set(buffers)]);
    // Without the results: each would keep those of all runs before it.
    this.idle = Promise.allSettled([this.idle, result]).then(() => undefined);
    return Object.fromEntries((await result) as [string, HostArray][]);
  }

  async close(): Promise<void> {
    await this.idle;
    if (!this.failure) await this.call({ kind: 'close' }).catch(() => undefined);
    this.failure ??= new Error('the session is closed');
    await this.worker.terminate();
  }

  private share(feeds: Readonly<Record<string, HostData>>): void {
    for (const { name, shared } of this.inputs) shared.set(feeds[name]!);
  }

  private call(call: WorkerCall, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage({ ...call, id }, transfer);
    });
  }

  private settle({ id, result, error }: WorkerAnswer): void {
    const waiting = this.pending.get(id);
    this.pending.delete(id);
    if (this.pending.size === 0) this.worker.unref();
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.pending.values()) reject(this.failure);
    this.pending.clear();
  }
}
