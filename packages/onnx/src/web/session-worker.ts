// A session in a worker of the page, asked by messages.
import type { HostArray } from '@hovernet/ops/contract';
import type { SessionSettings, WorkerAnswer, WorkerCall } from './worker-messages.js';

export interface SessionWorker {
  /** Starts the session; the bytes are moved. */
  open(model: Uint8Array, settings: SessionSettings): Promise<void>;
  /** Runs on arrays of any shape that the model takes; they are moved. */
  run(feeds: Readonly<Record<string, HostArray>>): Promise<Record<string, HostArray>>;
  /** Ends the worker, and what it does. */
  close(): Promise<void>;
}

/** Starts the worker of `provider`. Bundlers find its script, and ONNX Runtime's files, by the addresses here and there. */
export function startSessionWorker(provider: SessionSettings['provider']): SessionWorker {
  const worker =
    provider === 'webgpu'
      ? new Worker(new URL('./webgpu-worker.js', import.meta.url), { type: 'module' })
      : new Worker(new URL('./wasm-worker.js', import.meta.url), { type: 'module' });
  const pending = new Map<number, { resolve(result: WorkerAnswer['result']): void; reject(error: Error): void }>();
  let nextId = 0;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    for (const { reject } of pending.values()) reject(failure);
    pending.clear();
  };
  worker.onmessage = ({ data: { id, result, error } }: MessageEvent<WorkerAnswer>) => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  };
  worker.onmessageerror = () => fail(new Error('an answer of the worker could not be read'));
  worker.onerror = ({ message }) => fail(new Error(message || 'the script of the worker did not load'));
  const call = (request: WorkerCall, transfer: readonly ArrayBufferLike[]) => {
    return new Promise<WorkerAnswer['result']>((resolve, reject) => {
      if (failure) return reject(failure);
      const id = nextId++;
      pending.set(id, { resolve, reject });
      worker.postMessage({ ...request, id }, [...new Set(transfer)] as ArrayBuffer[]);
    });
  };
  return {
    async open(model, settings) {
      await call({ kind: 'open', model, settings }, [model.buffer]);
    },
    async run(feeds) {
      const buffers = Object.values(feeds).map(({ data }) => data.buffer);
      return (await call({ kind: 'run', feeds }, buffers))!;
    },
    close() {
      fail(new Error('the session is closed'));
      worker.terminate();
      return Promise.resolve();
    },
  };
}
