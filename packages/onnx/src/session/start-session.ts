// Starts a session from the optimised model on disk, or makes that model while it starts.
import type { InferenceSession } from 'onnxruntime-node';
import type { SessionCache } from './session-cache.js';
import type { SessionThread } from './session-thread.js';

/**
 * Opens the model of `thread`. What goes wrong with the cache costs time, never the session.
 * @returns whether it started from the cache
 */
export async function startSession(
  thread: SessionThread,
  options: InferenceSession.SessionOptions,
  cache: SessionCache | undefined,
  key: string | undefined,
): Promise<boolean> {
  if (!cache || key === undefined) {
    await thread.open(options);
    return false;
  }
  const known = await cache.find(key);
  if (known !== undefined) {
    try {
      await thread.open({ ...options, graphOptimizationLevel: 'disabled' }, known);
      return true;
    } catch {
      await cache.discard(known);
    }
  }
  const place = await cache.reserve();
  try {
    await thread.open(place === undefined ? options : { ...options, optimizedModelFilePath: place });
  } catch (error) {
    if (place === undefined) throw error;
    // A full disk fails like a provider that does not work: only without the file can they be told apart.
    await cache.discard(place);
    await thread.open(options);
    return false;
  }
  if (place !== undefined) await cache.keep(key, place);
  return false;
}
