// Public interface of @hovernet/ops.
export * from './batch-norm-training.js';
export * from './check-feeds.js';
export * from './crop-center2d.js';
export * from './eager-engine.js';
export * from './filter-derivative.js';
export * from './grouped-conv2d.js';
export * from './kernel-names.js';
export * from './program.js';
export { registerKernels } from './register.js';
export * from './upsample-bilinear2x.js';
export * from './upsample-nearest2x.js';
