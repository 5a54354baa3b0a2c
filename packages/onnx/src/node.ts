// Node entry of @hovernet/onnx: everything of the main entry, and the engine over onnxruntime-node.
export * from './index.js';
export { createOnnxEngine, EngineError, type OnnxEngineOptions } from './onnx-engine.js';
export { listProviders, type ProviderName, type ProviderStatus } from './providers.js';
