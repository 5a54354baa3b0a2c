// Node entry of @hovernet/ops: everything of the main entry, with the backends that only Node has.
import { createNodeLoaders } from './backends/node-loaders.js';
import { openWith, type OpenEagerEngineOptions } from './open-eager-engine.js';
import type { Engine } from './program.js';

export * from './index.js';

const nodeLoaders = createNodeLoaders((name) => import(/* @vite-ignore */ /* webpackIgnore: true */ name));

/**
 * Loads and starts a backend, then as `createEagerEngine` with it: `tensorflow` by @tensorflow/tfjs-node-gpu or
 * @tensorflow/tfjs-node, `webgpu` by the package webgpu (Dawn, installed as `navigator.gpu`), `wasm` or `cpu`.
 * @throws BackendError naming what is missing and what to do; for `auto` it tells of every backend.
 */
export function openEagerEngine(options: OpenEagerEngineOptions = {}): Promise<Engine> {
  return openWith(nodeLoaders, options);
}
