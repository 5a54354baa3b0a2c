// Node entry of @hovernet/onnx: engines and sessions over onnxruntime-node. TensorFlow.js is loaded by `compile` alone.
export { findGpuProvider, NoGpuError, type FindGpuOptions } from './node/find-gpu-provider.js';
export { EngineOptionError, openEngine, parseProviders, type OpenEngineOptions } from './node/open-engine.js';
export { explainFailure, type Failure } from './node/probe/explain-failure.js';
export type { ProbeResult, ProbeSettings, ProbeTarget } from './node/probe/probe-target.js';
export { runProbe, type ProbeOutcome, type RunProbeOptions } from './node/probe/run-probe.js';
export type { OnnxModel } from './model/onnx-model.js';
export { readModelHeader, type ModelHeader, type ModelPort } from './model/read-model-header.js';
export { openOnnxModel, type OpenOnnxModelOptions } from './node/open-onnx-model.js';
export {
  createOnnxEngine,
  type EngineCalibration,
  type OnnxEngine,
  type OnnxEngineOptions,
  type OnnxExecutable,
} from './onnx-engine.js';
export { EngineError } from './session/engine-error.js';
export type { SessionOptions } from './session/open-session.js';
export { listProviders, PROVIDER_NAMES, type ProviderName, type ProviderStatus } from './session/providers.js';
export { startGraph } from './session/start-graph.js';
