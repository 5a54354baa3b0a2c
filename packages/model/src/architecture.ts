// Entry @hovernet/model/architecture: networks as plain data, for programs that run them without TensorFlow.js.
export * from './checkpoint-metadata.js';
export type { HoverNetConfig, NetworkMode } from './config.js';
export { toImageInput, toRawMaps, type InterleavedImage } from './inference-arrays.js';
export * from './output-size.js';
export * from './presets.js';
export { resolveConfig, type HoverNetOptions } from './resolve-config.js';
