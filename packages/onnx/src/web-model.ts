// Entry @hovernet/onnx/web/model: models in a page. Bundlers find no trace of TensorFlow.js behind it.
export type { OnnxModel } from './model/onnx-model.js';
export { openOnnxModel, type OpenOnnxModelOptions, type WebProviderName } from './web/open-onnx-model.js';
