// What the calling thread asks of a session's worker thread; each request is answered by its id.
import type { HostArray } from '@hovernet/ops/contract';
import type { InferenceSession } from 'onnxruntime-node';

/** An input of the session in memory that both threads see. */
export interface BoundInput {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  readonly dims: readonly number[];
  /** Over a SharedArrayBuffer; the worker reads it at every run. */
  readonly shared: Float32Array | Int32Array;
}

export type WorkerCall =
  /** Loads the runtime. */
  | { readonly kind: 'load' }
  /** Hands over the bytes of the model. */
  | { readonly kind: 'take'; readonly model: Uint8Array }
  /** Starts a session on a file, or on the model that was handed over; once one has started, the bytes are dropped. */
  | { readonly kind: 'open'; readonly path: string | undefined; readonly options: InferenceSession.SessionOptions }
  /** Says where the inputs lie. */
  | { readonly kind: 'bind'; readonly inputs: readonly BoundInput[] }
  /** Runs on what the inputs hold; the result is a list of names and host arrays, which are moved, not copied. */
  | { readonly kind: 'run' }
  /** Runs on these arrays; the result is as that of `run`. */
  | { readonly kind: 'runArrays'; readonly feeds: Readonly<Record<string, HostArray>> }
  | { readonly kind: 'close' };

export type WorkerRequest = WorkerCall & { readonly id: number };

export interface WorkerAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}
