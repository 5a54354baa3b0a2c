// Entry @hovernet/model/architecture: networks as plain data, for programs that run them without TensorFlow.js.
export * from './checkpoint-metadata.js';
export { resolveConfig } from './config.js';
export type { HoverNetConfig, HoverNetOptions, NetworkMode } from './config.js';
export * from './output-size.js';
export * from './presets.js';
