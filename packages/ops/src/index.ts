// Public interface of @hovernet/ops.
export * from './batch-norm-training.js';
export * from './contract.js';
export * from './crop-center2d.js';
export * from './eager-engine.js';
export * from './filter-derivative.js';
export * from './grouped-conv2d.js';
export * from './kernel-names.js';
export { openEagerEngine, type OpenEagerEngineOptions } from './open-eager-engine.js';
export * from './upsample-bilinear2x.js';
export * from './upsample-nearest2x.js';
