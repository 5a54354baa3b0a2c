// Post-processing in a page's workers.
import type { SegmentAnswer } from '../messages.js';
import {
  createThreadPool,
  type PoolThread,
  type PostprocessPool,
  type PostprocessPoolOptions,
  type ThreadEvents,
} from '../thread-pool.js';

/** Makes a pool. Bundlers find the worker's script by its address. @throws ArgumentError if `workers` is no positive integer. */
export function createPostprocessPool(options: PostprocessPoolOptions = {}): PostprocessPool {
  return createThreadPool(startThread, options);
}

function startThread({ onAnswer, onDeath }: ThreadEvents): PoolThread {
  const worker = new Worker(new URL('./pool-thread.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<SegmentAnswer>) => onAnswer(data);
  worker.onmessageerror = () => onDeath(new Error('an answer could not be read'));
  worker.onerror = ({ message }) => onDeath(new Error(message || 'its script did not load'));
  return {
    post: ({ message, transfer }) => worker.postMessage(message, transfer),
    end: async () => worker.terminate(),
  };
}
