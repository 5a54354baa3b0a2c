// Public interface of @hovernet/model.
export * from './checkpoint-metadata.js';
export type { HoverNetConfig, NetworkMode } from './config.js';
export { describeCheckpoint, describeOrigin, warnOfReference } from './conversion/describe-checkpoint.js';
export {
  encodeCheckpoint,
  type CheckpointFormat,
  type EncodeCheckpointOptions,
} from './conversion/encode-checkpoint.js';
export { inferConfig, type InferConfigOptions } from './conversion/infer-config.js';
export { loadEncoder, loadNetwork, type LoadedNetwork, type LoadNetworkOptions } from './conversion/load-checkpoint.js';
export {
  readCheckpoint,
  type CheckpointContent,
  type CheckpointOrigin,
  type ReadCheckpointOptions,
} from './conversion/read-checkpoint.js';
export { drawDropoutScales, listDropouts } from './dropout.js';
export * from './forward.js';
export * from './inference-arrays.js';
export * from './inference-program.js';
export * from './initialize-weights.js';
export type { DropoutLayer } from './layers.js';
export * from './load-state-dict.js';
export * from './macs.js';
export * from './output-size.js';
export * from './presets.js';
export { resolveConfig, type HoverNetOptions } from './resolve-config.js';
export { DownloadError } from './pretrained/download-error.js';
export type { DownloadOptions, DownloadProgress } from './pretrained/download.js';
export * from './pretrained/load-weights.js';
export { readWeights, type ReadWeightsOptions, type Weights } from './pretrained/read-weights.js';
export * from './running-statistics.js';
export * from './summarize-network.js';
export type { StageMacs } from './shape-operations.js';
export { copyWeightArray, type StateDict, type WeightArray } from './state-dict.js';
export { decodeTfjsModel, listTfjsShards } from './tfjs-model/decode-tfjs-model.js';
export { encodeTfjsModel, type EncodeTfjsModelOptions } from './tfjs-model/encode-tfjs-model.js';
export type { TfjsMetadata, TfjsModelArtifacts, TfjsWeightSpec } from './tfjs-model/model-artifacts.js';
export { splitTfjsModel, type SplitTfjsModelOptions } from './tfjs-model/split-tfjs-model.js';
export { batchNormEpsilon, type WeightLookup } from './tensor-operations.js';
export { countParameters, listTensors, tensorSpecs, type TensorEntry, type TensorRole } from './tensors.js';
export * from './trainable.js';
export { describeCoverage } from './weight-coverage.js';
