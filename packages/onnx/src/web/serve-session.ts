// The part of a worker that holds one session of onnxruntime-web.
import type { HostArray, HostData } from '@hovernet/ops/contract';
import type * as runtimeModule from 'onnxruntime-web';
import type { SessionSettings, WorkerAnswer, WorkerCall, WorkerRequest } from './worker-messages.js';

type Runtime = typeof runtimeModule;

/** The global object of a worker, as far as it is used. */
interface WorkerScope {
  readonly name: string;
  onmessage: ((event: { readonly data: WorkerRequest }) => void) | null;
  postMessage(answer: WorkerAnswer, transfer: ArrayBuffer[]): void;
}

/** Answers the requests of the page, one after the other, with a session of `runtime`. */
export function serveSession(runtime: Runtime): void {
  const scope = globalThis as unknown as WorkerScope;
  // ONNX Runtime starts its threads from the script that it is in, which is this one.
  if (scope.name.startsWith('em-pthread')) return;
  let session: runtimeModule.InferenceSession | undefined;
  const handle = async (call: WorkerCall): Promise<Record<string, HostArray> | undefined> => {
    if (call.kind === 'run') return runSession(runtime, session!, call.feeds);
    session = await startSession(runtime, call.model, call.settings);
    return undefined;
  };
  let last: Promise<void> = Promise.resolve();
  scope.onmessage = ({ data: { id, ...call } }) => {
    last = last.then(async () => {
      try {
        const result = await handle(call);
        const buffers = Object.values(result ?? {}).map(({ data }) => data.buffer as ArrayBuffer);
        scope.postMessage({ id, result }, [...new Set(buffers)]);
      } catch (error) {
        scope.postMessage({ id, error: error instanceof Error ? error.message : String(error) }, []);
      }
    });
  };
}

function startSession(
  { env, InferenceSession }: Runtime,
  model: Uint8Array,
  { provider, threads, wasmPaths }: SessionSettings,
): Promise<runtimeModule.InferenceSession> {
  env.wasm.numThreads = threads;
  if (wasmPaths !== undefined) env.wasm.wasmPaths = wasmPaths;
  return InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
}

async function runSession(
  { Tensor }: Runtime,
  session: runtimeModule.InferenceSession,
  feeds: Readonly<Record<string, HostArray>>,
): Promise<Record<string, HostArray>> {
  const tensors = Object.entries(feeds).map(([name, { data, shape }]) => {
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    return [name, new Tensor(type, data as Float32Array, shape)] as const;
  });
  const results = await session.run(Object.fromEntries(tensors));
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [
      name,
      { data: copyOf(tensor.data as HostData), shape: tensor.dims },
    ]),
  );
}

/** Elements in memory of their own: those of wasm belong to the session. */
function copyOf(data: HostData): HostData {
  const own = data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength;
  return own ? data : data.slice();
}
