// The same model in two runtimes: ONNX Runtime's native build, and its WebAssembly build on one thread.
import type * as webModule from 'onnxruntime-web';

type Runtime = typeof webModule;
type SessionOptions = webModule.InferenceSession.SessionOptions;

/** Elements and dimensions of a model's input or output. */
export interface ModelArray {
  readonly data: Float32Array | Int32Array;
  readonly dims: readonly number[];
}

/** Inputs or outputs by name. */
export type ModelArrays = Readonly<Record<string, ModelArray>>;

/** Runs `model` once with onnxruntime-node, on its CPU provider. */
export async function runModelNatively(
  model: Uint8Array,
  feeds: ModelArrays,
  options: SessionOptions = {},
): Promise<ModelArrays> {
  const module = (await import('onnxruntime-node')) as unknown as Runtime & { readonly default?: Runtime };
  const runtime = module.default ?? module;
  return run(runtime, { model, feeds, options: { intraOpNumThreads: 1, ...options, executionProviders: ['cpu'] } });
}

/** Runs `model` once with onnxruntime-web, on its wasm provider. */
export async function runModelOnWeb(
  model: Uint8Array,
  feeds: ModelArrays,
  options: SessionOptions = {},
): Promise<ModelArrays> {
  const runtime = await import('onnxruntime-web');
  runtime.env.wasm.numThreads = 1;
  return run(runtime, { model, feeds, options: { ...options, executionProviders: ['wasm'] } });
}

async function run(
  runtime: Runtime,
  job: { readonly model: Uint8Array; readonly feeds: ModelArrays; readonly options: SessionOptions },
): Promise<ModelArrays> {
  const session = await runtime.InferenceSession.create(job.model, { logSeverityLevel: 3, ...job.options });
  const tensors = Object.entries(job.feeds).map(([name, { data, dims }]) => {
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    return [name, new runtime.Tensor(type, data as Float32Array, dims)] as const;
  });
  const results = await session.run(Object.fromEntries(tensors));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as Float32Array, dims }]),
  );
}

/**
 * Runs `model` in both runtimes: the largest difference of each output, relative to that output's largest magnitude.
 * @throws Error where they disagree in names or dimensions.
 */
export async function compareRuntimes(model: Uint8Array, feeds: ModelArrays): Promise<ReadonlyMap<string, number>> {
  const [native, web] = [await runModelNatively(model, feeds), await runModelOnWeb(model, feeds)];
  const describe = (arrays: ModelArrays) =>
    Object.entries(arrays).map(([name, { dims }]) => `${name} [${dims.join()}]`);
  if (describe(native).join() !== describe(web).join()) {
    throw new Error(`outputs: expected ${describe(native).join(', ')}, got ${describe(web).join(', ')}`);
  }
  return new Map(
    Object.entries(native).map(([name, { data }]) => [name, relativeDifference(data, web[name]!.data)] as const),
  );
}

function relativeDifference(data: ModelArray['data'], other: ModelArray['data']): number {
  let [difference, magnitude] = [0, Number.MIN_VALUE];
  for (let i = 0; i < data.length; i++) {
    const distance = Math.abs(data[i]! - other[i]!);
    difference = Math.max(difference, Number.isNaN(distance) ? Infinity : distance);
    magnitude = Math.max(magnitude, Math.abs(data[i]!));
  }
  return difference / magnitude;
}
