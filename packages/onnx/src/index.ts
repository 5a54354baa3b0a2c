// Public interface of @hovernet/onnx: recording and encoding; sessions are behind @hovernet/onnx/node.
export type { Attribute, ConstantData, ElementType, GraphConstant, GraphNode, GraphPort, OnnxGraph } from './graph.js';
export { listSupportedKernels } from './lowering/table.js';
export { calibrate, type CalibratedGraph, type CalibrationOptions } from './quantize/calibrate.js';
export type { CalibrationSource, GraphFeeds, GraphRunner, StartGraph } from './quantize/collect-statistics.js';
export { quantizeGraph, type QuantizationOptions } from './quantize/quantize-graph.js';
export { toOnnx, type Precision, type ToOnnxOptions } from './to-onnx.js';
export {
  TraceError,
  traceFunction,
  traceProgram,
  type TensorFunction,
  type TracedProgram,
  type TraceOptions,
} from './trace.js';
