// What a lowering is: how one TensorFlow.js kernel becomes ONNX nodes.
import type { Recorder } from '../recorder.js';
import type { Value } from '../value.js';

/** Attributes of a TensorFlow.js kernel; each lowering knows its own. */
export type KernelAttributes = Readonly<Record<string, unknown>>;

/** Inputs by name; kernels with a list of inputs (AddN, Concat, Pack) have them under '0', '1', … */
export type KernelInputs = Readonly<Record<string, Value>>;

/** Records one kernel and returns its output or outputs. */
export type Lowering = (recorder: Recorder, inputs: KernelInputs, attributes: KernelAttributes) => Value | Value[];

/** Lowerings by kernel name. */
export type LoweringTable = Readonly<Record<string, Lowering>>;

/** The inputs of a kernel with a list of inputs, in order. */
export function listInputs(inputs: KernelInputs): Value[] {
  return Object.values(inputs);
}
