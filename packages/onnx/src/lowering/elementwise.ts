// Arithmetic, comparison and unary kernels, with the identities that keep gradient graphs small.
import { broadcastShapes, identityLayout, sameList, sizeOf } from '../layout.js';
import { CAST_CODES, type Recorder } from '../recorder.js';
import {
  constantValue,
  isSplat,
  knownData,
  newData,
  nodeValue,
  splatValue,
  type NodeValue,
  type TracedType,
  type Value,
} from '../value.js';
import { listInputs, type Lowering, type LoweringTable } from './types.js';

/** a + b; adding zeros is nothing. */
export function add(recorder: Recorder, a: Value, b: Value): Value {
  const shape = broadcastShapes(a.shape, b.shape);
  if (isSplat(b, 0) && sameList(a.shape, shape)) return a;
  if (isSplat(a, 0) && sameList(b.shape, shape)) return b;
  if (isSplat(a) && isSplat(b)) return splatValue(a.splat + b.splat, shape, a.type);
  return recorder.elementwise('Add', [a, b], a.type);
}

/** a · b; multiplying by ones is a (lazy) broadcast, by a step function the gradient of ReLU. */
export function multiply(recorder: Recorder, a: Value, b: Value): Value {
  const shape = broadcastShapes(a.shape, b.shape);
  if (isSplat(a) && isSplat(b)) return splatValue(a.splat * b.splat, shape, a.type);
  if (isSplat(b, 1)) return broadcastTo(recorder, a, shape);
  if (isSplat(a, 1)) return broadcastTo(recorder, b, shape);
  if (b.kind === 'node' && b.stepOf && sameList(a.shape, b.shape)) return multiplyByStep(recorder, a, b.stepOf);
  if (a.kind === 'node' && a.stepOf && sameList(a.shape, b.shape)) return multiplyByStep(recorder, b, a.stepOf);
  return recorder.elementwise('Mul', [a, b], a.type);
}

/** `value` with a larger shape; nothing is computed until an operand needs all elements. */
function broadcastTo(recorder: Recorder, value: Value, shape: readonly number[]): Value {
  if (sameList(value.shape, shape)) return value;
  if (isSplat(value)) return splatValue(value.splat, shape, value.type);
  const layout =
    value.shape.length === shape.length && value.kind === 'node' ? value.layout : identityLayout(shape.length);
  const name = recorder.broadcastOperand(value, shape.length, layout);
  const own = value.kind === 'node' ? value.stored : value.shape;
  const stored = [...new Array<number>(shape.length - own.length).fill(1), ...own];
  return nodeValue(name, shape, value.type, layout, stored);
}

/** dy · [x > 0] as one multiplication: HardSigmoid with an infinite slope is 0 at 0 and 1 above. */
function multiplyByStep(recorder: Recorder, gradient: Value, x: NodeValue): Value {
  const source = recorder.reluOutputs.get(x) ?? x;
  const positive = recorder.graph.emit('HardSigmoid', [recorder.operand(source)], {
    alpha: { float: 1e38 },
    beta: { float: 0 },
  });
  const name = recorder.graph.emit('Mul', [recorder.operand(gradient, source.layout), positive]);
  return nodeValue(name, gradient.shape, 'float32', source.layout);
}

function binary(op: string, type?: TracedType): Lowering {
  return (recorder, { a, b }) => recorder.elementwise(op, [a!, b!], type ?? a!.type);
}

function unary(op: string): Lowering {
  return (recorder, { x }) => mapElements(recorder, op, x!);
}

/** One node over the stored elements of `value`: broadcasting stays pending. */
function mapElements(recorder: Recorder, op: string, value: Value): Value {
  if (value.kind === 'constant')
    return nodeValue(recorder.graph.emit(op, [recorder.operand(value)]), value.shape, value.type);
  return nodeValue(recorder.graph.emit(op, [value.name]), value.shape, value.type, value.layout, value.stored);
}

/** `value` as another element type. */
export function cast(recorder: Recorder, value: Value, type: TracedType): Value {
  if (value.type === type) return value;
  if (isSplat(value)) return splatValue(type === 'bool' ? Number(value.splat !== 0) : value.splat, value.shape, type);
  if (value.kind === 'constant') {
    const data = newData(type, sizeOf(value.shape));
    data.set(knownData(value));
    return constantValue(data, value.shape, type);
  }
  const name = recorder.graph.emit('Cast', [value.name], { to: CAST_CODES[type] });
  const result = nodeValue(name, value.shape, type, value.layout, value.stored);
  return value.stepOf ? { ...result, stepOf: value.stepOf } : result;
}

const relu: Lowering = (recorder, { x }) => {
  const name = recorder.graph.emit('Relu', [recorder.operand(x!)]);
  const result = nodeValue(name, x!.shape, x!.type, x!.kind === 'node' ? x!.layout : undefined);
  if (x!.kind === 'node') recorder.reluOutputs.set(x!, result);
  return result;
};

const step: Lowering = (recorder, { x }) => {
  const positive = recorder.elementwise('Greater', [x!, splatValue(0, [])], 'bool');
  const result = cast(recorder, positive, 'float32') as NodeValue;
  return x!.kind === 'node' && sameList(x!.stored, x!.shape) ? { ...result, stepOf: x! } : result;
};

const divide: Lowering = (recorder, { a, b }) =>
  isSplat(b!) ? multiply(recorder, a!, splatValue(1 / b.splat, b.shape)) : recorder.elementwise('Div', [a!, b!]);

const clip: Lowering = (recorder, { x }, { clipValueMin, clipValueMax }) => {
  const { graph } = recorder;
  const name = graph.emit('Clip', [
    recorder.operand(x!),
    graph.scalar(clipValueMin as number),
    graph.scalar(clipValueMax as number),
  ]);
  return nodeValue(name, x!.shape, x!.type, x!.kind === 'node' ? x!.layout : undefined);
};

const squaredDifference: Lowering = (recorder, { a, b }) => {
  const difference = recorder.elementwise('Sub', [a!, b!]);
  return recorder.elementwise('Mul', [difference, difference]);
};

/** Arithmetic, comparison, logical and unary kernels. */
export const elementwiseLowerings: LoweringTable = {
  Add: (recorder, { a, b }) => add(recorder, a!, b!),
  AddN: (recorder, inputs) => listInputs(inputs).reduce((sum, value) => add(recorder, sum, value)),
  Sub: (recorder, { a, b }) =>
    isSplat(b!, 0) && sameList(a!.shape, broadcastShapes(a!.shape, b.shape))
      ? a!
      : recorder.elementwise('Sub', [a!, b!], a!.type),
  Multiply: (recorder, { a, b }) => multiply(recorder, a!, b!),
  RealDiv: divide,
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  SquaredDifference: squaredDifference,
  Prelu: (recorder, { x, alpha }) => recorder.elementwise('PRelu', [x!, alpha!]),
  Greater: binary('Greater', 'bool'),
  GreaterEqual: binary('GreaterOrEqual', 'bool'),
  Less: binary('Less', 'bool'),
  LessEqual: binary('LessOrEqual', 'bool'),
  Equal: binary('Equal', 'bool'),
  NotEqual: (recorder, { a, b }) => mapElements(recorder, 'Not', recorder.elementwise('Equal', [a!, b!], 'bool')),
  LogicalAnd: binary('And', 'bool'),
  LogicalOr: binary('Or', 'bool'),
  LogicalNot: unary('Not'),
  Abs: unary('Abs'),
  Neg: unary('Neg'),
  Sign: unary('Sign'),
  Sqrt: unary('Sqrt'),
  Rsqrt: (recorder, { x }) => mapElements(recorder, 'Reciprocal', mapElements(recorder, 'Sqrt', x!)),
  Reciprocal: unary('Reciprocal'),
  Square: (recorder, { x }) => recorder.elementwise('Mul', [x!, x!], x!.type),
  Exp: unary('Exp'),
  Log: unary('Log'),
  Sin: unary('Sin'),
  Cos: unary('Cos'),
  Tanh: unary('Tanh'),
  Erf: unary('Erf'),
  Sigmoid: unary('Sigmoid'),
  Softplus: unary('Softplus'),
  Floor: unary('Floor'),
  Ceil: unary('Ceil'),
  Round: unary('Round'),
  Relu: relu,
  Step: step,
  ClipByValue: clip,
  Cast: (recorder, { x }, { dtype }) => cast(recorder, x!, dtype as TracedType),
  Identity: (_recorder, { x }) => x!,
  Select: (recorder, { condition, t, e }) => recorder.elementwise('Where', [condition!, t!, e!], t!.type),
};
