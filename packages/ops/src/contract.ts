// Entry @hovernet/ops/contract: programs and engines as every engine sees them, without TensorFlow.js.
export * from './backends/backend-error.js';
export type { BackendName } from './backends/backend-loader.js';
export * from './check-feeds.js';
export * from './executable-cache.js';
export * from './program.js';
