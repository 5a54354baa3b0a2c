// Public interface of @hovernet/model.
export * from './checkpoint-metadata.js';
export { resolveConfig } from './config.js';
export type { GraphCompatibility, HoverNetConfig, HoverNetOptions, NetworkMode } from './config.js';
export * from './forward.js';
export * from './inference-program.js';
export * from './initialize-weights.js';
export * from './load-state-dict.js';
export * from './macs.js';
export * from './output-size.js';
export * from './presets.js';
export * from './running-statistics.js';
export * from './safetensors.js';
export type { StageMacs } from './shape-operations.js';
export type { StateDict, WeightArray } from './state-dict.js';
export type { StoredDtype, StoredTensor } from './stored-tensor.js';
export { batchNormEpsilon, type WeightLookup } from './tensor-operations.js';
export { countParameters, listTensors, tensorSpecs, type TensorEntry, type TensorRole } from './tensors.js';
export * from './trainable.js';
