// A model that came as ONNX bytes, in a session of ONNX Runtime Web in a worker of the page.
import { createOnnxModel, type OnnxModel } from '../model/onnx-model.js';
import { readModelHeader } from '../model/read-model-header.js';
import { EngineError } from '../session/engine-error.js';
import { startSessionWorker, type SessionWorker } from './session-worker.js';

/** Execution providers of a page: the GPU by WebGPU, the processor by WebAssembly with SIMD. */
export type WebProviderName = 'webgpu' | 'wasm';

export interface OpenOnnxModelOptions {
  /** What errors call the model, such as its address. @default 'ONNX model' */
  readonly name?: string;
  /** Providers to try, first to last; webgpu is skipped where it is emulated on the processor. @default ['webgpu', 'wasm'] */
  readonly providers?: readonly WebProviderName[];
  /**
   * Threads of wasm; more than one needs a page that is cross-origin isolated.
   * @default one per processor, 8 at most, in such a page; else 1
   */
  readonly threads?: number;
  /** Address of the folder with ONNX Runtime's `.wasm` and `.mjs` files. @default where the bundler put them */
  readonly wasmPaths?: string;
}

/**
 * Opens a session on the bytes of an ONNX model, which are copied. The page stays responsive: the session has a worker of
 * its own. TensorFlow.js is not loaded.
 * @throws FileError for bytes that are no ONNX model; EngineError if no provider starts, naming why of each.
 */
export async function openOnnxModel(bytes: Uint8Array, options: OpenOnnxModelOptions = {}): Promise<OnnxModel> {
  const { name = 'ONNX model', providers = ['webgpu', 'wasm'] } = options;
  const header = readModelHeader(bytes, name);
  const failures: string[] = [];
  for (const provider of providers) {
    const missing = provider === 'webgpu' ? await whyNoGpu(providers.length > 1) : undefined;
    try {
      if (missing !== undefined) throw new Error(missing);
      const worker = await openWorker(provider, bytes.slice(), options);
      return createOnnxModel(name, header, { provider, ...worker });
    } catch (error) {
      failures.push(`${provider}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const expected = `a working provider of [${providers.join(', ')}]`;
  throw new EngineError(`${name}: expected ${expected}, got ${failures.join('; ')}`);
}

async function openWorker(
  provider: WebProviderName,
  model: Uint8Array,
  { threads = defaultThreads(), wasmPaths }: OpenOnnxModelOptions,
): Promise<SessionWorker> {
  const worker = startSessionWorker(provider);
  try {
    await worker.open(model, { provider, threads, wasmPaths });
    return worker;
  } catch (error) {
    await worker.close();
    throw error;
  }
}

function defaultThreads(): number {
  return globalThis.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1;
}

interface GpuAdapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: { readonly isFallbackAdapter?: boolean };
}

/** Why webgpu does not work here; undefined where it may. An emulated GPU is slower than wasm: `hardwareOnly` refuses it. */
async function whyNoGpu(hardwareOnly: boolean): Promise<string | undefined> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<GpuAdapter | null> } };
  const adapter = await gpu?.requestAdapter();
  if (!adapter) return gpu ? 'expected a GPU adapter, got none' : 'expected navigator.gpu, got none';
  const emulated = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  return emulated && hardwareOnly ? 'expected a GPU, got one that the processor emulates' : undefined;
}
