// Public interface of @hovernet/onnx: recording and encoding; sessions are behind @hovernet/onnx/node.
export { encodeModel } from './encode-model.js';
export type { Attribute, ConstantData, ElementType, GraphConstant, GraphNode, GraphPort, OnnxGraph } from './graph.js';
export { listSupportedKernels } from './lowering/table.js';
export {
  TraceError,
  traceFunction,
  traceProgram,
  type TensorFunction,
  type TracedProgram,
  type TraceOptions,
} from './trace.js';
