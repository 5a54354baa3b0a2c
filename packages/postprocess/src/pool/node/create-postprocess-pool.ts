// Post-processing in Node's worker threads.
import { Worker } from 'node:worker_threads';
import type { SegmentAnswer } from '../messages.js';
import {
  createThreadPool,
  type PoolThread,
  type PostprocessPool,
  type PostprocessPoolOptions,
  type ThreadEvents,
} from '../thread-pool.js';

/** Makes a pool. Idle threads do not keep the process alive. @throws ArgumentError if `workers` is no positive integer. */
export function createPostprocessPool(options: PostprocessPoolOptions = {}): PostprocessPool {
  return createThreadPool(startThread, options);
}

function startThread(events: ThreadEvents): PoolThread {
  // Flags of the process hold for the thread too: so do loaders of sources.
  return wrapWorker(new Worker(new URL('./pool-thread.js', import.meta.url), { name: 'hovernet postprocess' }), events);
}

/** Only a thread that works keeps the process alive. */
export function wrapWorker(worker: Worker, { onAnswer, onDeath }: ThreadEvents): PoolThread {
  worker.on('message', (answer: SegmentAnswer) => {
    worker.unref();
    onAnswer(answer);
  });
  worker.on('messageerror', onDeath);
  worker.on('error', onDeath);
  worker.on('exit', (code) => onDeath(new Error(`exit code ${code}`)));
  worker.unref();
  return {
    post({ message, transfer }) {
      worker.postMessage(message, transfer);
      worker.ref();
    },
    async end() {
      await worker.terminate();
    },
  };
}
