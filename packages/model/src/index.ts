// Public interface of @hovernet/model.
export type { Appearance, TrainingProvenance, WeightsDescription } from './checkpoint-metadata.js';
export type { HoverNetConfig, NetworkMode } from './config.js';
export {
  encodeCheckpoint,
  type CheckpointFormat,
  type EncodeCheckpointOptions,
} from './conversion/encode-checkpoint.js';
export { hoverNetForward, type ForwardOptions, type HoverNetOutput } from './forward.js';
export { toConstants, toImageInput, toRawMaps, type InterleavedImage } from './inference-arrays.js';
export { createInferenceProgram, type ImageBatchSize } from './inference-program.js';
export { initializeWeights } from './initialize-weights.js';
export { outputSize } from './output-size.js';
export { presets, type PresetName } from './presets.js';
export { DownloadError } from './pretrained/download-error.js';
export type { DownloadOptions, DownloadProgress } from './pretrained/download.js';
export { loadWeights, type LoadWeightsOptions } from './pretrained/load-weights.js';
export { resolveConfig, type HoverNetOptions } from './resolve-config.js';
export type { StateDict, WeightArray } from './state-dict.js';
export type { TensorMismatch, WeightCoverage } from './weight-coverage.js';
export type { Weights, WeightsOrigin } from './weights.js';
