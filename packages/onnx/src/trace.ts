// Records a TensorFlow.js function over static shapes, gradients included, as an ONNX graph.
import { backend as currentKernels, dispose, engine, getBackend, setBackend, Tensor, tidy } from '@tensorflow/tfjs';
import { HovernetError } from '@hovernet/core';
import type { HostData, Program, TensorSpec } from '@hovernet/ops/contract';
import { findCallSite, TRACED_STACK_FRAMES } from './call-site.js';
import type { ConstantData, OnnxGraph } from './graph.js';
import { cast } from './lowering/elementwise.js';
import { identityLayout, toPhysical, type Layout } from './layout.js';
import { Recorder } from './recorder.js';
import { TRACE_BACKEND, traceBackend, type TraceBackend } from './trace-backend.js';
import { nodeValue } from './value.js';

/** From named tensors to named tensors: static shapes, no reading of values. */
export type TensorFunction = (inputs: Record<string, Tensor>) => Record<string, Tensor>;

export interface TraceOptions {
  /** What errors call the function. @default its own name, or 'function' */
  readonly name?: string;
  /** Host-order elements of inputs that become constants of the graph instead of inputs, by input name. @default none */
  readonly constants?: ReadonlyMap<string, HostData> | undefined;
  /** Host layout of an output; the order of its shape where undefined. @default undefined for all */
  readonly outputLayout?: ((name: string, rank: number) => Layout | undefined) | undefined;
}

/** A recorded function. */
export interface TracedProgram {
  readonly graph: OnnxGraph;
  readonly outputs: readonly TensorSpec[];
}

/** The function could not be recorded. */
export class TraceError extends HovernetError {
  /** `file:line:column` of the call in the traced function, where the stack shows it. */
  readonly callSite: string | undefined;

  constructor(program: string, problem: string, cause: unknown) {
    const callSite = findCallSite(cause instanceof Error ? cause.stack : undefined);
    super('TRACE_FAILED', `tracing ${program}: ${problem}${callSite ? ` (called at ${callSite})` : ''}`, { cause });
    this.callSite = callSite;
  }
}

/**
 * Runs `fn` once with symbolic tensors of the shapes of `inputs` and returns what it computed as a graph. Inputs and
 * outputs of the graph are in host layout (see TensorSpec). The current backend of TensorFlow.js is restored afterwards.
 * @throws TraceError, naming the operation and the place of its call, if a kernel is not supported, if `fn` depends on the
 * elements of a tensor, or if the shapes do not fit.
 */
export function traceFunction(
  fn: TensorFunction,
  inputs: readonly TensorSpec[],
  options: TraceOptions = {},
): TracedProgram {
  const { name = fn.name || 'function', constants, outputLayout } = options;
  const backend = traceBackend();
  const previous = currentBackend();
  const recorder = new Recorder();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = TRACED_STACK_FRAMES;
  void setBackend(TRACE_BACKEND);
  backend.recorder = recorder;
  try {
    const outputs = tidy(() => {
      const bound = inputs.map((spec) => [spec.name, bindInput(backend, recorder, spec, constants?.get(spec.name))]);
      return checkOutputs(fn(Object.fromEntries(bound) as Record<string, Tensor>));
    });
    const specs = Object.entries(outputs).map(([output, tensor]) =>
      bindOutput(backend, recorder, { name: output, layout: outputLayout?.(output, tensor.rank) }, tensor),
    );
    // Not one by one: a tensor may have two names.
    dispose(outputs);
    return { graph: recorder.graph.finish(), outputs: specs };
  } catch (error) {
    throw new TraceError(name, explainFailure(error), error);
  } finally {
    backend.recorder = undefined;
    Error.stackTraceLimit = stackTraceLimit;
    if (previous !== TRACE_BACKEND) void setBackend(previous);
  }
}

/** As {@link traceFunction} for a program. */
export function traceProgram(program: Program, options: Pick<TraceOptions, 'constants'> = {}): TracedProgram {
  return traceFunction((tensors) => program.run(tensors), program.inputs, {
    name: program.name,
    constants: options.constants,
    outputLayout: (name, rank) => program.outputLayout?.(name, rank),
  });
}

/** Name of the current backend; asking for it starts TensorFlow.js's own choice where nothing has run yet. */
function currentBackend(): string {
  if (!getBackend()) currentKernels();
  return getBackend();
}

function checkOutputs(outputs: Record<string, Tensor>): Record<string, Tensor> {
  const expected = 'expected a function that returns tensors by name';
  if (outputs instanceof Promise) throw new Error(`${expected}, got a promise; a traced function is synchronous`);
  if (outputs instanceof Tensor || typeof outputs !== 'object' || outputs === null) {
    throw new Error(`${expected}, got ${outputs instanceof Tensor ? 'a single tensor' : String(outputs)}`);
  }
  const stranger = Object.entries(outputs).find(([, value]) => !((value as unknown) instanceof Tensor));
  if (stranger) throw new Error(`${expected}, got ${typeof stranger[1]} for ${stranger[0]}`);
  return outputs;
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
  { name, layout }: { readonly name: string; readonly layout: Layout | undefined },
  tensor: Tensor,
): TensorSpec {
  const value = backend.get(tensor.dataId);
  const order = layout ?? identityLayout(value.shape.length);
  const dtype = value.type === 'float32' ? 'float32' : 'int32';
  const typed = cast(recorder, value, dtype);
  recorder.graph.output(name, recorder.operand(typed, order), dtype, toPhysical(value.shape, order));
  return { name, shape: value.shape, dtype, layout };
}

function explainFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const missing = /^Kernel '([^']+)' not registered/.exec(message)?.[1];
  return missing
    ? `expected operations that can be recorded (listSupportedKernels), got ${missing}; write it with supported ones`
    : message;
}
