// The same model in two runtimes: ONNX Runtime's native build, and its WebAssembly build on one thread.
import type { HostData } from '@hovernet/ops';
import * as native from 'onnxruntime-node';
import * as web from 'onnxruntime-web';

web.env.wasm.numThreads = 1;

/** Feeds of a model: elements and dimensions by name. */
export type ModelFeeds = Readonly<Record<string, { readonly data: HostData; readonly dims: readonly number[] }>>;

/** Outputs of a model by name. */
export type ModelResults = Readonly<Record<string, { readonly data: HostData; readonly dims: readonly number[] }>>;

export interface RunOptions {
  /** @default 'all' */
  readonly graphOptimizationLevel?: 'disabled' | 'basic' | 'all';
}

/** Runs `model` once with onnxruntime-node, on its CPU provider. */
export function runNative(model: Uint8Array, feeds: ModelFeeds, options: RunOptions = {}): Promise<ModelResults> {
  return run(native as unknown as typeof web, model, feeds, {
    ...options,
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
  });
}

/** Runs `model` once with onnxruntime-web, on its wasm provider. */
export function runWeb(model: Uint8Array, feeds: ModelFeeds, options: RunOptions = {}): Promise<ModelResults> {
  return run(web, model, feeds, { ...options, executionProviders: ['wasm'] });
}

async function run(
  runtime: typeof web,
  model: Uint8Array,
  feeds: ModelFeeds,
  options: web.InferenceSession.SessionOptions,
): Promise<ModelResults> {
  const session = await runtime.InferenceSession.create(model, { ...options, logSeverityLevel: 3 });
  const tensors = Object.entries(feeds).map(([name, { data, dims }]) => {
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    return [name, new runtime.Tensor(type, data as Float32Array, dims)] as const;
  });
  const results = await session.run(Object.fromEntries(tensors));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as HostData, dims }]),
  );
}
