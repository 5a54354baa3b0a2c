// Entry @hovernet/model/architecture: networks as plain data, for programs that run them without TensorFlow.js.
export { parseConfig, type Appearance, type WeightsDescription } from './checkpoint-metadata.js';
export type { HoverNetConfig, NetworkMode } from './config.js';
export { toImageInput, toRawMaps, type InterleavedImage } from './inference-arrays.js';
export { outputSize } from './output-size.js';
export { presets, type PresetName } from './presets.js';
export { resolveConfig, type HoverNetOptions } from './resolve-config.js';
