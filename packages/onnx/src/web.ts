// Entry of @hovernet/onnx for pages: models and programs over onnxruntime-web, in a worker. TensorFlow.js is loaded by `compile` alone.
export type { OnnxModel } from './model/onnx-model.js';
export { readModelHeader, type ModelHeader, type ModelPort } from './model/read-model-header.js';
export { EngineError } from './session/engine-error.js';
export { openOnnxModel, type OpenOnnxModelOptions, type WebProviderName } from './web/open-onnx-model.js';
export { createOnnxEngine, type OnnxEngineOptions } from './web/onnx-engine.js';
