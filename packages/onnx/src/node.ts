// Node entry of @hovernet/onnx: everything of the main entry, and the engine over onnxruntime-node.
export * from './index.js';
export {
  createOnnxEngine,
  type EngineCalibration,
  type OnnxEngine,
  type OnnxEngineOptions,
  type OnnxExecutable,
} from './onnx-engine.js';
export { EngineError } from './session/engine-error.js';
export type { SessionOptions } from './session/open-session.js';
export { startGraph } from './session/start-graph.js';
export { listProviders, PROVIDER_NAMES, type ProviderName, type ProviderStatus } from './session/providers.js';
