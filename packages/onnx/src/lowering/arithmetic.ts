// Arithmetic of two values, with the identities that keep gradient graphs small. Results have the type of the first.
import { broadcastShapes, sameList } from '../layout.js';
import type { Recorder } from '../recorder.js';
import { isSplat, nodeValue, splatValue, type NodeValue, type Paddings, type Value } from '../value.js';
import { broadcastTo, cast, computeNumbers, computingType, mapElements } from './elementwise.js';
import { pad } from './join.js';
import { listInputs, type Lowering, type LoweringTable } from './types.js';

/** a + b; adding zeros is at most a (lazy) broadcast, and what has the same zeros around it is added without them. */
export function add(recorder: Recorder, a: Value, b: Value): Value {
  const shape = broadcastShapes(a.shape, b.shape);
  if (isSplat(b, 0)) return broadcastTo(recorder, a, shape);
  if (isSplat(a, 0)) return broadcastTo(recorder, cast(recorder, b, a.type), shape);
  const inner = a.type === b.type ? commonInside(a, b) : undefined;
  if (inner) return pad(recorder, add(recorder, ...inner.values), inner.paddings);
  return computeNumbers(recorder, 'Add', [a, b], { type: a.type });
}

/** What two values are inside equal zeros: gradients that several branches send back to one crop. */
function commonInside(
  a: Value,
  b: Value,
): { readonly values: readonly [Value, Value]; readonly paddings: Paddings } | undefined {
  if (a.kind !== 'node' || b.kind !== 'node' || !a.padOf || !b.padOf || !sameList(a.shape, b.shape)) return undefined;
  if (!sameList(a.padOf.paddings.flat(), b.padOf.paddings.flat())) return undefined;
  return { values: [a.padOf.value, b.padOf.value], paddings: a.padOf.paddings };
}

/** a · b; multiplying by ones is a (lazy) broadcast, by a step function the gradient of ReLU. */
export function multiply(recorder: Recorder, a: Value, b: Value): Value {
  const shape = broadcastShapes(a.shape, b.shape);
  if (isSplat(b, 1)) return broadcastTo(recorder, a, shape);
  if (isSplat(a, 1)) return broadcastTo(recorder, cast(recorder, b, a.type), shape);
  if (a.type === 'float32' && sameList(a.shape, b.shape)) {
    if (b.kind === 'node' && b.stepOf) return multiplyByStep(recorder, a, b.stepOf);
    if (a.kind === 'node' && a.stepOf) return multiplyByStep(recorder, cast(recorder, b, 'float32'), a.stepOf);
  }
  return computeNumbers(recorder, 'Mul', [a, b], { type: a.type });
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

const subtract: Lowering = (recorder, { a, b }) =>
  isSplat(b!, 0)
    ? broadcastTo(recorder, a!, broadcastShapes(a!.shape, b.shape))
    : computeNumbers(recorder, 'Sub', [a!, b!], { type: a!.type });

/** Exponents of which float32 holds the power of two and its inverse in full. */
const EXACT_EXPONENTS = 126;

/** a / b; dividing by a power of two is multiplying by its exact inverse. */
const divide: Lowering = (recorder, { a, b }) => {
  const dividend = cast(recorder, a!, 'float32');
  const divisor = cast(recorder, b!, 'float32');
  const exponent = isSplat(divisor) ? Math.log2(divisor.splat) : NaN;
  const quotient =
    isSplat(divisor) && Number.isInteger(exponent) && Math.abs(exponent) <= EXACT_EXPONENTS
      ? multiply(recorder, dividend, splatValue(1 / divisor.splat, divisor.shape))
      : recorder.elementwise('Div', [dividend, divisor]);
  return cast(recorder, quotient, a!.type);
};

/** ⌊a / b⌋ as int32; 0 where an integer is divided by 0. */
const floorDivide: Lowering = (recorder, { a, b }) => {
  if (computingType(a!, b!) === 'float32') {
    const quotient = recorder.elementwise('Div', [cast(recorder, a!, 'float32'), cast(recorder, b!, 'float32')]);
    return cast(recorder, mapElements(recorder, 'Floor', quotient), 'int32');
  }
  const [dividend, wanted] = [cast(recorder, a!, 'int32'), cast(recorder, b!, 'int32')];
  const integers = (op: string, ...values: Value[]) => recorder.elementwise(op, values, 'int32');
  const compare = (op: string, ...values: Value[]) => recorder.elementwise(op, values, 'bool');
  const zero = splatValue(0, [], 'int32');
  const { divisor, undefinedAt } = avoidZero(recorder, wanted);
  // Div cuts off towards zero: one less where the signs differ and something was cut off.
  const quotient = integers('Div', dividend, divisor);
  const inexact = mapElements(recorder, 'Not', compare('Equal', integers('Mul', quotient, divisor), dividend));
  const signsDiffer = compare('Xor', compare('Less', dividend, zero), compare('Less', divisor, zero));
  const correction = cast(recorder, compare('And', inexact, signsDiffer), 'int32');
  return integers('Where', undefinedAt, zero, integers('Sub', quotient, correction));
};

/** a − b·⌊a / b⌋; 0 where an integer is divided by 0. */
const modulo: Lowering = (recorder, { a, b }) => {
  const zero = splatValue(0, [], 'int32');
  if (computingType(a!, b!) === 'int32') {
    const { divisor, undefinedAt } = avoidZero(recorder, cast(recorder, b!, 'int32'));
    const remainder = recorder.elementwise('Mod', [cast(recorder, a!, 'int32'), divisor], 'int32');
    return cast(recorder, recorder.elementwise('Where', [undefinedAt, zero, remainder], 'int32'), a!.type);
  }
  // As TensorFlow.js computes it: the remainder of C, moved into the divisor's range where the signs differ.
  const [x, y] = [cast(recorder, a!, 'float32'), cast(recorder, b!, 'float32')];
  const remainderOf = (value: Value) => recorder.elementwise('Mod', [value, y], 'float32', { fmod: 1 });
  const negative = (value: Value) => recorder.elementwise('Less', [value, splatValue(0, [])], 'bool');
  const remainder = remainderOf(x);
  const signsDiffer = recorder.elementwise('Xor', [negative(x), negative(y)], 'bool');
  const moved = remainderOf(recorder.elementwise('Add', [remainder, y]));
  return cast(recorder, recorder.elementwise('Where', [signsDiffer, moved, remainder]), a!.type);
};

/** An integer divisor with 1 in place of 0, which would end the process on some machines, and where that is. */
function avoidZero(recorder: Recorder, wanted: Value): { divisor: Value; undefinedAt: Value } {
  const undefinedAt = recorder.elementwise('Equal', [wanted, splatValue(0, [], 'int32')], 'bool');
  const divisor = recorder.elementwise('Where', [undefinedAt, splatValue(1, [], 'int32'), wanted], 'int32');
  return { divisor, undefinedAt };
}

/** aᵇ; 0 where an integer 0 has a negative exponent. */
const power: Lowering = (recorder, { a, b }) => {
  if (computingType(a!, b!) === 'float32') return computeNumbers(recorder, 'Pow', [a!, b!], { type: a!.type });
  const [base, exponent] = [cast(recorder, a!, 'int32'), cast(recorder, b!, 'int32')];
  const zero = splatValue(0, [], 'int32');
  const compare = (op: string, value: Value) => recorder.elementwise(op, [value, zero], 'bool');
  const infinite = recorder.elementwise('And', [compare('Equal', base), compare('Less', exponent)], 'bool');
  const safe = recorder.elementwise('Where', [infinite, splatValue(1, [], 'int32'), exponent], 'int32');
  return computeNumbers(recorder, 'Pow', [base, safe], { type: a!.type });
};

const squaredDifference: Lowering = (recorder, { a, b }) => {
  const difference = computeNumbers(recorder, 'Sub', [a!, b!], { type: computingType(a!, b!) });
  return computeNumbers(recorder, 'Mul', [difference, difference], { type: a!.type });
};

function numbers(op: string): Lowering {
  return (recorder, { a, b }) => computeNumbers(recorder, op, [a!, b!], { type: a!.type });
}

export const arithmeticLowerings: LoweringTable = {
  Add: (recorder, { a, b }) => add(recorder, a!, b!),
  AddN: (recorder, inputs) => listInputs(inputs).reduce((sum, value) => add(recorder, sum, value)),
  Sub: subtract,
  Multiply: (recorder, { a, b }) => multiply(recorder, a!, b!),
  RealDiv: divide,
  FloorDiv: floorDivide,
  Mod: modulo,
  Maximum: numbers('Max'),
  Minimum: numbers('Min'),
  Pow: power,
  SquaredDifference: squaredDifference,
};
