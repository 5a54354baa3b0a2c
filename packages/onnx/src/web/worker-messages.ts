// What a page asks of the worker that holds a session; each request is answered by its id.
import type { HostArray } from '@hovernet/ops/contract';

/** How a session starts. */
export interface SessionSettings {
  readonly provider: 'webgpu' | 'wasm';
  /** Threads of wasm. */
  readonly threads: number;
  /** Folder of ONNX Runtime's own files; undefined where the bundler put them. */
  readonly wasmPaths: string | undefined;
}

export type WorkerCall =
  | { readonly kind: 'open'; readonly model: Uint8Array; readonly settings: SessionSettings }
  | { readonly kind: 'run'; readonly feeds: Readonly<Record<string, HostArray>> };

export type WorkerRequest = WorkerCall & { readonly id: number };

export interface WorkerAnswer {
  readonly id: number;
  readonly result?: Record<string, HostArray> | undefined;
  readonly error?: string;
}
