// The backends that run in a browser; the loaders of Node build on them.
import { TFJS_VERSION, importBackend, type BackendLoader } from './backend-loader.js';
import { BackendError } from './backend-error.js';

interface GpuAdapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: { readonly isFallbackAdapter?: boolean; readonly description?: string };
}

/** What is used of `navigator.gpu`. */
export interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

/** WebGPU by `navigator.gpu`. */
export const webgpuLoader: BackendLoader = {
  name: 'webgpu',
  async load({ acceptSoftware }) {
    const gpu = (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
    if (!gpu)
      throw new BackendError('webgpu', 'missing', 'expected navigator.gpu, got none; use a browser with WebGPU');
    await assertAdapter(gpu, acceptSoftware);
    await importBackend('webgpu', {
      name: '@tensorflow/tfjs-backend-webgpu',
      version: TFJS_VERSION,
      import: (): Promise<unknown> => import('@tensorflow/tfjs-backend-webgpu'),
    });
  },
};

/** WebAssembly with SIMD; threads in browsers only. */
export const wasmLoader: BackendLoader = {
  name: 'wasm',
  async load({ wasmPaths }) {
    const { setWasmPaths } = await importBackend('wasm', {
      name: '@tensorflow/tfjs-backend-wasm',
      version: TFJS_VERSION,
      import: () => import('@tensorflow/tfjs-backend-wasm'),
    });
    if (wasmPaths !== undefined) setWasmPaths(wasmPaths);
  },
};

/** Plain JavaScript, part of @tensorflow/tfjs. */
export const cpuLoader: BackendLoader = { name: 'cpu', load: () => Promise.resolve() };

/** From the fastest to the one that is always there. */
export const webLoaders: readonly BackendLoader[] = [webgpuLoader, wasmLoader, cpuLoader];

/** Before the backend is imported: without an adapter it only says that it cannot read a property of null. */
async function assertAdapter(gpu: Gpu, acceptSoftware: boolean): Promise<void> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    const explanation = 'expected a GPU adapter, got none; it takes a GPU and its Vulkan, Metal or Direct3D 12 driver';
    throw new BackendError('webgpu', 'failed', explanation);
  }
  const isSoftware = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  if (isSoftware && !acceptSoftware) {
    const found = `the software adapter ${adapter.info?.description ?? ''}`.trimEnd();
    throw new BackendError('webgpu', 'failed', `expected a GPU, got ${found}, which is slower than wasm`);
  }
}
