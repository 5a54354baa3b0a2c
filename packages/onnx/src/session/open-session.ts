// Starts a session on the first provider that works, from an optimised model on disk where there is one.
import { useCallingThread } from './calling-thread.js';
import { EngineError } from './engine-error.js';
import { describeMachine } from './machine.js';
import { whyNotInstalled, type ProviderName } from './providers.js';
import { toRuntimeOptions, type RuntimeSettings } from './runtime-options.js';
import { openSessionCache, type SessionCache } from './session-cache.js';
import type { SessionInput, SessionThread } from './session-thread.js';
import { startSession } from './start-session.js';
import { takeTurns } from './take-turns.js';
import { startWorkerThread } from './worker-thread.js';

export interface SessionOptions {
  /** Providers to try, first to last; the first that starts is used. @default ['cpu'] */
  readonly providers?: readonly ProviderName[];
  /** Threads within an operation; 0 lets ONNX Runtime choose one per physical core. @default 0 */
  readonly threads?: number;
  /** GPU for cuda, tensorrt and dml, counted from 0; the other providers choose theirs. @default 0 */
  readonly deviceId?: number;
  /**
   * `worker`: a thread of its own, so that the event loop keeps running. `calling`: the calling thread, without the
   * 50 ms that a thread takes to start; a run blocks the event loop. @default 'worker'
   */
  readonly thread?: 'worker' | 'calling';
  /**
   * Folder of optimised graphs, shared by processes: a session that was started before starts quicker. Models of more than
   * 32 MiB are not kept: those with weights start as quickly as they could be read. @default none
   */
  readonly cacheDir?: string | undefined;
  /** Most bytes that the folder keeps; what was not used longest is deleted. @default 256 MiB */
  readonly cacheBytes?: number;
}

export interface OpenedSession {
  readonly thread: SessionThread;
  /** The provider that started. */
  readonly provider: ProviderName;
  /** Whether it started from an optimised model on disk. */
  readonly cached: boolean;
}

/** What a session is opened for. */
export interface SessionSubject {
  /** Name of the program, for errors. */
  readonly program: string;
  /** Bytes of the model; not to be used afterwards. */
  readonly model: Uint8Array;
  readonly inputs: readonly SessionInput[];
}

/** Most bytes of a model that is worth keeping. */
const CACHED_MODEL_BYTES = 2 ** 25;

/** Providers whose optimised graphs can be written to a file; the others compile parts that cannot. */
const CACHEABLE: readonly ProviderName[] = ['cpu', 'webgpu', 'cuda'];

/**
 * @throws EngineError if no provider starts, naming why of each; UnsupportedError if ONNX Runtime is not there.
 */
export async function openSession(subject: SessionSubject, options: SessionOptions = {}): Promise<OpenedSession> {
  const { providers = ['cpu'], threads = 0, deviceId = 0, cacheDir, cacheBytes = 2 ** 28 } = options;
  const settings = { threads, deviceId };
  const thread = await (options.thread === 'calling' ? useCallingThread() : startWorkerThread());
  const cacheable = cacheDir !== undefined && subject.model.byteLength <= CACHED_MODEL_BYTES;
  const cache = cacheable ? openSessionCache(cacheDir, cacheBytes) : undefined;
  const failures: string[] = [];
  try {
    const keys = cache && (await keysOf(cache, subject.model, { providers, settings, version: thread.version }));
    await thread.take(subject.model);
    for (const provider of providers) {
      const missing = whyNotInstalled(provider);
      if (missing !== undefined) {
        failures.push(`${provider}: ${missing}`);
        continue;
      }
      try {
        const used = provider === 'webgpu' ? takeTurns(thread) : thread;
        const cached = await startSession(used, toRuntimeOptions(provider, settings), cache, keys?.get(provider));
        await used.bind(subject.inputs);
        return { thread: used, provider, cached };
      } catch (error) {
        failures.push(`${provider}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } catch (error) {
    await thread.close();
    throw error;
  }
  await thread.close();
  const expected = `a working provider of [${providers.join(', ')}]`;
  throw new EngineError(`${subject.program}: expected ${expected}, got ${failures.join('; ')}`);
}

/** The key of each provider that can be cached; the model's bytes are only there before the thread has taken them. */
async function keysOf(
  cache: SessionCache,
  model: Uint8Array,
  facts: { readonly providers: readonly ProviderName[]; readonly settings: RuntimeSettings; readonly version: string },
): Promise<Map<ProviderName, string>> {
  const machine = describeMachine();
  const cacheable = facts.providers.filter((provider) => CACHEABLE.includes(provider));
  const entries = cacheable.map(async (provider) => {
    const options = toRuntimeOptions(provider, facts.settings);
    return [provider, await cache.keyOf(model, { options, machine, version: facts.version })] as const;
  });
  return new Map(await Promise.all(entries));
}
