// Activations and their gradients, and what fused kernels add to a sum: a bias and an activation.
import { broadcastShapes, sameList } from '../layout.js';
import type { Recorder } from '../recorder.js';
import { splatValue, type Value } from '../value.js';
import { add, multiply } from './arithmetic.js';
import { cast, computeFloats, computeNumbers, mapElements } from './elementwise.js';
import type { KernelAttributes, KernelInputs, Lowering, LoweringTable } from './types.js';

/** max(0, x); its output is remembered, because the gradient can read the sign from it. */
function relu(recorder: Recorder, x: Value): Value {
  if (x.type !== 'float32') return computeNumbers(recorder, 'Max', [x, splatValue(0, [], 'int32')], { type: x.type });
  const result = mapElements(recorder, 'Relu', x);
  if (x.kind === 'node') recorder.reluOutputs.set(x, result);
  return result;
}

function relu6(recorder: Recorder, x: Value): Value {
  const floored = computeNumbers(recorder, 'Max', [x, splatValue(0, [], 'int32')], { type: x.type });
  return computeNumbers(recorder, 'Min', [floored, splatValue(6, [], 'int32')], { type: x.type });
}

function leakyRelu(recorder: Recorder, x: Value, alpha: number): Value {
  return computeFloats(recorder, 'LeakyRelu', x, { type: 'float32', attributes: { alpha: { float: alpha } } });
}

/** x where x ≥ 0, alpha · x elsewhere. PRelu broadcasts alpha to x, but not x to alpha. */
function prelu(recorder: Recorder, x: Value, alpha: Value): Value {
  const [value, slope] = [cast(recorder, x, 'float32'), cast(recorder, alpha, 'float32')];
  const isWritten = value.kind === 'node' && sameList(value.stored, value.shape);
  if (isWritten && sameList(broadcastShapes(value.shape, slope.shape), value.shape)) {
    return recorder.elementwise('PRelu', [value, slope]);
  }
  const negative = recorder.elementwise('Less', [value, splatValue(0, [])], 'bool');
  return recorder.elementwise('Where', [negative, multiply(recorder, slope, value), value]);
}

/** dy where y ≥ 0, dy · (y + 1) elsewhere. */
const eluGradient: Lowering = (recorder, { dy, y }) => {
  const shifted = add(recorder, cast(recorder, y!, 'float32'), splatValue(1, []));
  const slope = recorder.elementwise('Min', [shifted, splatValue(1, [])]);
  return multiply(recorder, cast(recorder, dy!, 'float32'), slope);
};

/** `sum` plus the kernel's bias, if it has one, through its activation. The bias has a shape that broadcasts. */
export function finishFused(
  recorder: Recorder,
  sum: Value,
  { bias, preluActivationWeights }: KernelInputs,
  { activation, leakyreluAlpha }: KernelAttributes,
): Value {
  const biased = bias ? add(recorder, sum, bias) : sum;
  switch (activation ?? 'linear') {
    case 'linear':
      return biased;
    case 'relu':
      return relu(recorder, biased);
    case 'relu6':
      return relu6(recorder, biased);
    case 'elu':
      return computeFloats(recorder, 'Elu', biased);
    case 'sigmoid':
      return computeFloats(recorder, 'Sigmoid', biased);
    case 'leakyrelu':
      return leakyRelu(recorder, biased, leakyreluAlpha as number);
    case 'prelu':
      return prelu(recorder, biased, preluActivationWeights!);
    default:
      throw new Error(`expected an activation of TensorFlow.js, got ${String(activation)}`);
  }
}

function floats(op: string): Lowering {
  return (recorder, { x }) => computeFloats(recorder, op, x!);
}

export const activationLowerings: LoweringTable = {
  Relu: (recorder, { x }) => relu(recorder, x!),
  Relu6: (recorder, { x }) => relu6(recorder, x!),
  LeakyRelu: (recorder, { x }, { alpha }) => leakyRelu(recorder, x!, alpha as number),
  Prelu: (recorder, { x, alpha }) => prelu(recorder, x!, alpha!),
  Elu: floats('Elu'),
  EluGrad: eluGradient,
  Selu: floats('Selu'),
  Sigmoid: floats('Sigmoid'),
  Softplus: floats('Softplus'),
};
