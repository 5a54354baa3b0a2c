// Opens the eager engine on the best backend of TensorFlow.js that this machine has.
import { BackendError } from './backends/backend-error.js';
import type { BackendLoader, BackendName, LoadOptions } from './backends/backend-loader.js';
import { startBackend } from './backends/start-backend.js';
import { webLoaders } from './backends/web-loaders.js';
import { createEagerEngine } from './eager-engine.js';
import type { Engine } from './program.js';

export interface OpenEagerEngineOptions {
  /**
   * `auto` takes the first that starts of `tensorflow` (Node only), `webgpu` on a GPU, `wasm` and `cpu`. A backend that is
   * asked for by name is not replaced. @default 'auto'
   */
  readonly backend?: BackendName | 'auto';
  /** Where a page finds the `.wasm` files of @tensorflow/tfjs-backend-wasm. @default beside the script */
  readonly wasmPaths?: LoadOptions['wasmPaths'];
}

/**
 * Loads and starts a backend, then as `createEagerEngine` with it. This is the opener for browsers; that of
 * `@hovernet/ops/node` knows libtensorflow and Dawn too.
 * @throws BackendError naming what is missing and what to do; for `auto` it tells of every backend.
 */
export function openEagerEngine(options: OpenEagerEngineOptions = {}): Promise<Engine> {
  return openWith(webLoaders, options);
}

/** As {@link openEagerEngine}, over `loaders` in the order of `auto`. */
export async function openWith(
  loaders: readonly BackendLoader[],
  { backend = 'auto', wasmPaths }: OpenEagerEngineOptions,
): Promise<Engine> {
  const candidates = backend === 'auto' ? loaders : loaders.filter(({ name }) => name === backend);
  if (candidates.length === 0) {
    const known = loaders.map(({ name }) => name).join(', ');
    throw new BackendError(backend, 'missing', `expected auto or one of ${known} here, got ${backend}`);
  }
  const failures: BackendError[] = [];
  for (const loader of candidates) {
    try {
      await loader.load({ acceptSoftware: backend !== 'auto', wasmPaths });
      await startBackend(loader.name);
      return createEagerEngine({ backend: loader.name });
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      failures.push(error);
    }
  }
  if (failures.length === 1) throw failures[0]!;
  const explanation = failures.map((failure) => `${failure.backend}: ${failure.explanation}`).join(' · ');
  throw new BackendError(backend, 'failed', explanation, failures[0]);
}
