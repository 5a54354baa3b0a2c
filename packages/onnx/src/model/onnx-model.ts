// A model that came as ONNX bytes, in a session: the same interface in Node and in a page.
import { ArgumentError, ShapeError } from '@hovernet/core';
import type { HostArray } from '@hovernet/ops/contract';
import { sizeOf } from '../layout.js';
import { EngineError } from '../session/engine-error.js';
import type { ModelHeader, ModelPort } from './read-model-header.js';

/** A model in a session. One session serves every shape that the model takes; runs follow each other. */
export interface OnnxModel {
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
  /** Texts that the model carries. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The execution provider that started. */
  readonly provider: string;
  /**
   * Runs once. The arrays are copied before the first await; those that it returns are the caller's.
   * @throws ArgumentError for a missing or unknown input, or once disposed; ShapeError for an array that does not fit;
   * EngineError where the session fails; the reason of `signal` when it is aborted: a run under way ends unheard.
   */
  run(feeds: Readonly<Record<string, HostArray>>, signal?: AbortSignal): Promise<Record<string, HostArray>>;
  /** Frees the session; runs under way end first. Harmless when repeated. */
  dispose(): Promise<void>;
}

/** What an {@link OnnxModel} needs of a session, wherever it lives. */
export interface ModelSession {
  readonly provider: string;
  /** Feeds belong to the session: it may move them. */
  run(feeds: Readonly<Record<string, HostArray>>): Promise<Record<string, HostArray>>;
  close(): Promise<void>;
}

/** The model with `header` over `session`; `name` opens the messages of its errors. */
export function createOnnxModel(name: string, header: ModelHeader, session: ModelSession): OnnxModel {
  /** Settles when the last run has ended. */
  let last: Promise<unknown> = Promise.resolve();
  let disposed = false;
  return {
    ...header,
    provider: session.provider,
    async run(feeds, signal) {
      if (disposed) throw new ArgumentError(`${name}: expected a model in use, got a disposed one`);
      signal?.throwIfAborted();
      assertFeeds(name, header.inputs, feeds);
      const copies = Object.fromEntries(
        Object.entries(feeds).map(([input, { data, shape }]) => [input, { data: data.slice(), shape }]),
      );
      const result = last.then(() => {
        signal?.throwIfAborted();
        return session.run(copies);
      });
      last = result.catch(() => undefined);
      try {
        return await (signal ? Promise.race([result, whenAborted(signal, last)]) : result);
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        throw new EngineError(`${name}: ${error instanceof Error ? error.message : String(error)}`, error);
      }
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await last;
      await session.close();
    },
  };
}

/** Rejects when `signal` is aborted; listens until `settled` settles. */
function whenAborted(signal: AbortSignal, settled: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void settled.then(() => signal.removeEventListener('abort', abort));
  });
}

function assertFeeds(name: string, inputs: readonly ModelPort[], feeds: Readonly<Record<string, HostArray>>): void {
  const stranger = Object.keys(feeds).find((fed) => !inputs.some((input) => input.name === fed));
  if (stranger !== undefined) {
    throw new ArgumentError(
      `${name}: expected inputs ${inputs.map((input) => input.name).join(', ')}, got ${stranger}`,
    );
  }
  for (const port of inputs) {
    const feed = feeds[port.name];
    if (!feed) throw new ArgumentError(`${name}: expected input ${port.name}, got none`);
    const { data, shape } = feed;
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    const fits =
      shape.length === port.shape.length &&
      port.shape.every((length, axis) => typeof length === 'string' || length === shape[axis]);
    if (type !== port.type || !fits) {
      const expected = `${port.type} of [${port.shape.join(', ')}]`;
      throw new ShapeError(`${name}: ${port.name}`, expected, `${type} of [${shape.join(', ')}]`);
    }
    const size = sizeOf(shape);
    if (data.length !== size) throw new ShapeError(`${name}: ${port.name}`, `${size} elements`, `${data.length}`);
  }
}
