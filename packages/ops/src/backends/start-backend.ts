// Starts backends of TensorFlow.js and makes one current for a while, whatever else runs at the same time.
import { UnsupportedError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { BackendError } from './backend-error.js';
import { messageOf } from './backend-loader.js';

const starting = new Map<string, Promise<void>>();

/**
 * Starts a registered backend; the current one stays, and where there is none, this becomes it.
 * @throws UnsupportedError if it is not registered, BackendError if it does not start.
 */
export function startBackend(name: string): Promise<void> {
  const { registry, registryFactory } = tf.engine();
  if (registry[name]) return Promise.resolve();
  if (!registryFactory[name]) {
    const expected = `a registered TensorFlow.js backend (${Object.keys(registryFactory).join(', ')})`;
    const problem = `createEagerEngine: expected ${expected}, got ${name}; import its package first`;
    return Promise.reject(new UnsupportedError(problem));
  }
  const started = starting.get(name) ?? registerStarted(name).finally(() => starting.delete(name));
  starting.set(name, started);
  return started;
}

/**
 * Not by `tf.setBackend`, which gives up a start when another begins, makes the backend current before it runs and prints
 * why it failed. The factory is called here, and one that returns its result takes its place.
 */
async function registerStarted(name: string): Promise<void> {
  const { factory, priority } = tf.engine().registryFactory[name]!;
  let backend: tf.KernelBackend;
  try {
    backend = await factory();
  } catch (cause) {
    throw new BackendError(name, 'failed', `expected it to start, got: ${messageOf(cause)}`, cause);
  }
  const current = tf.getBackend();
  tf.removeBackend(name);
  tf.registerBackend(name, () => backend, priority);
  tf.findBackend(name);
  if (!current || current === name) void tf.setBackend(name);
}

/** Runs `compute` with the started backend `name` current. */
export function withBackend<T>(name: string, compute: () => T): T {
  const previous = tf.getBackend();
  if (previous === name) return compute();
  // A started backend becomes current at once, before the promise settles.
  void tf.setBackend(name);
  try {
    return compute();
  } finally {
    if (previous) void tf.setBackend(previous);
  }
}
