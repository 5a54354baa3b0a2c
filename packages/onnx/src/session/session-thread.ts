// Where a session lives: in a worker thread, so that the event loop stays free, or in the calling thread.
import type { HostArray, HostData } from '@hovernet/ops/contract';
import type { InferenceSession } from 'onnxruntime-node';

/** An input as the session takes it. */
export interface SessionInput {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  /** Of the host array. */
  readonly dims: readonly number[];
}

/** One ONNX Runtime session. Calls are answered in their order. */
export interface SessionThread {
  /** Of ONNX Runtime. */
  readonly version: string;
  /** Hands over the bytes of a model; the caller does not use them again. */
  take(model: Uint8Array): Promise<void>;
  /** Starts a session on the file at `path`, else on the bytes handed over; may be called again where it failed. */
  open(options: InferenceSession.SessionOptions, path?: string): Promise<void>;
  /** Says which inputs {@link run} will be given. */
  bind(inputs: readonly SessionInput[]): Promise<void>;
  /** Runs on host arrays, which are read before the first await, and returns arrays that the caller owns. */
  run(feeds: Readonly<Record<string, HostData>>): Promise<Record<string, HostArray>>;
  /** Runs on arrays of any shape that the model takes, bound or not. They are moved where that is possible. */
  runArrays(feeds: Readonly<Record<string, HostArray>>): Promise<Record<string, HostArray>>;
  /** Frees the session; a run that is under way ends first. */
  close(): Promise<void>;
}

/** Feeds as they are now. */
export function copyFeeds(feeds: Readonly<Record<string, HostData>>): Record<string, HostData> {
  return Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, data.slice()]));
}
