// Records a TensorFlow.js function over static shapes, gradients included, as an ONNX graph.
import { engine, getBackend, setBackend, tidy, type Tensor } from '@tensorflow/tfjs';
import { HovernetError } from '@hovernet/core';
import type { Program, TensorSpec } from '@hovernet/ops';
import type { ConstantData, OnnxGraph } from './graph.js';
import { cast } from './lowering/elementwise.js';
import { identityLayout, toPhysical, type Layout } from './layout.js';
import { Recorder } from './recorder.js';
import { TRACE_BACKEND, traceBackend, type TraceBackend } from './trace-backend.js';
import { nodeValue } from './value.js';

export interface TraceOptions {
  /** Host-order elements of inputs that become constants of the graph instead of inputs, by input name. */
  readonly constants?: ReadonlyMap<string, Float32Array | Int32Array>;
}

/** A recorded program. */
export interface TracedProgram {
  readonly graph: OnnxGraph;
  readonly outputs: readonly TensorSpec[];
}

/** The function could not be recorded. */
export class TraceError extends HovernetError {
  constructor(program: string, problem: string, cause: unknown) {
    super('TRACE_FAILED', `tracing ${program}: ${problem}`, { cause });
  }
}

/**
 * Runs `program` once with symbolic tensors and returns what it computed as a graph. Inputs and outputs are in host
 * layout (see TensorSpec). The current backend of TensorFlow.js is restored afterwards.
 * @throws TraceError if a kernel is not supported, or if the program depends on the elements of a tensor.
 */
export function traceProgram(program: Program, options: TraceOptions = {}): TracedProgram {
  const backend = traceBackend();
  const previous = getBackend();
  const recorder = new Recorder();
  void setBackend(TRACE_BACKEND);
  backend.recorder = recorder;
  try {
    const outputs = tidy(() => {
      const inputs = Object.fromEntries(
        program.inputs.map((spec) => [
          spec.name,
          bindInput(backend, recorder, spec, options.constants?.get(spec.name)),
        ]),
      );
      return program.run(inputs);
    });
    const specs = Object.entries(outputs).map(([name, tensor]) => {
      const spec = bindOutput(backend, recorder, name, tensor, program.outputLayout?.(name, tensor.shape.length));
      tensor.dispose();
      return spec;
    });
    return { graph: recorder.graph.finish(), outputs: specs };
  } catch (error) {
    if (error instanceof HovernetError && error.code !== 'UNSUPPORTED') throw error;
    throw new TraceError(program.name, explain(error), error);
  } finally {
    backend.recorder = undefined;
    if (previous && previous !== TRACE_BACKEND) void setBackend(previous);
  }
}

function bindInput(
  backend: TraceBackend,
  recorder: Recorder,
  spec: TensorSpec,
  constant: ConstantData | undefined,
): Tensor {
  const layout = spec.layout ?? identityLayout(spec.shape.length);
  const dims = toPhysical(spec.shape, layout);
  const name = constant
    ? recorder.graph.constant(constant, dims, spec.dtype, spec.name)
    : recorder.graph.input(spec.name, spec.dtype, dims);
  const dataId = backend.put(nodeValue(name, spec.shape, spec.dtype, layout));
  return engine().makeTensorFromTensorInfo({ dataId, shape: [...spec.shape], dtype: spec.dtype }, backend);
}

function bindOutput(
  backend: TraceBackend,
  recorder: Recorder,
  name: string,
  tensor: Tensor,
  layout: Layout | undefined,
): TensorSpec {
  const value = backend.get(tensor.dataId);
  const order = layout ?? identityLayout(value.shape.length);
  const dtype = value.type === 'float32' ? 'float32' : 'int32';
  const typed = cast(recorder, value, dtype);
  recorder.graph.output(name, recorder.operand(typed, order), dtype, toPhysical(value.shape, order));
  return { name, shape: value.shape, dtype, layout };
}

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const missing = /Kernel '([^']+)' not registered/.exec(message)?.[1];
  return missing
    ? `expected operations that can be recorded (listSupportedKernels), got ${missing}; write it with supported operations or add a lowering`
    : message;
}
