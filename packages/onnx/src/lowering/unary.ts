// Mathematical functions of one value. Where TensorFlow.js keeps int32, fractions are cut off.
import type { Recorder } from '../recorder.js';
import { splatValue, type TracedType, type Value } from '../value.js';
import { cast, computeFloats, computeNumbers, computingType, mapElements } from './elementwise.js';
import type { Lowering, LoweringTable } from './types.js';

/** A function that ONNX has for float32. */
function floats(op: string, type?: TracedType): Lowering {
  return (recorder, { x }) => computeFloats(recorder, op, x!, type ? { type } : {});
}

/** A function that ONNX has for all numbers. */
function numbers(op: string): Lowering {
  return (recorder, { x }) => computeNumbers(recorder, op, [x!], { type: x!.type });
}

/** Rounding, which leaves integers as they are. */
function rounding(op: string): Lowering {
  return (recorder, { x }) => (x!.type === 'float32' ? mapElements(recorder, op, x!) : x!);
}

/** A function composed of nodes over float32. */
function composed(compute: (recorder: Recorder, x: Value) => Value): Lowering {
  return (recorder, { x }) => cast(recorder, compute(recorder, cast(recorder, x!, 'float32')), x!.type);
}

/** eˣ − 1 = tanh(x/2)·(eˣ + 1), which keeps its digits near 0. */
function expm1(recorder: Recorder, x: Value): Value {
  const half = recorder.elementwise('Mul', [x, splatValue(0.5, [])]);
  const shifted = recorder.elementwise('Add', [mapElements(recorder, 'Exp', x), splatValue(1, [])]);
  return recorder.elementwise('Mul', [mapElements(recorder, 'Tanh', half), shifted]);
}

/** log(1 + x) = log u + (x − (u − 1)) / u with u = 1 + x rounded (Kahan): the second term is what rounding lost. */
function log1p(recorder: Recorder, x: Value): Value {
  const one = splatValue(1, []);
  const node = (op: string, ...values: Value[]) => recorder.elementwise(op, values);
  const within = (op: string, bound: number) => recorder.elementwise(op, [x, splatValue(bound, [])], 'bool');
  const rounded = node('Add', x, one);
  const lost = node('Div', node('Sub', x, node('Sub', rounded, one)), rounded);
  // Outside, 1 + x loses nothing that counts, and the quotient may be NaN.
  const counts = recorder.elementwise('And', [within('Greater', -1), within('Less', 1e9)], 'bool');
  const correction = recorder.elementwise('Where', [counts, lost, splatValue(0, [])]);
  return node('Add', mapElements(recorder, 'Log', rounded), correction);
}

/** 1 above 0, `alpha` elsewhere, NaN for NaN. The multiplication of a gradient by it is recognised (see `multiply`). */
const step: Lowering = (recorder, { x }, { alpha = 0 }) => {
  const zero = splatValue(0, [], computingType(x!));
  const number = cast(recorder, x!, zero.type);
  const positive = recorder.elementwise('Greater', [number, zero], 'bool');
  const low = splatValue(alpha as number, []);
  const stepped = recorder.elementwise('Where', [positive, splatValue(1, []), low]);
  if (x!.type !== 'float32') return cast(recorder, stepped, x!.type);
  const isNaN = mapElements(recorder, 'IsNaN', x!, { type: 'bool' });
  const result = recorder.elementwise('Where', [isNaN, x!, stepped]);
  const plain = alpha === 0 && x!.kind === 'node' && !x!.stored.some((length, axis) => length !== x!.shape[axis]);
  return plain ? { ...result, stepOf: x } : result;
};

/** Clip in the value's own type; fractions of the limits are cut off for int32, as those of its results are. */
const clip: Lowering = (recorder, { x }, { clipValueMin, clipValueMax }) => {
  const type = computingType(x!);
  const limit = (value: number) => {
    const held = type === 'int32' ? Math.trunc(Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value))) : value;
    return recorder.operand(splatValue(held, [], type));
  };
  const inputs = [limit(clipValueMin as number), limit(clipValueMax as number)];
  return cast(recorder, mapElements(recorder, 'Clip', cast(recorder, x!, type), { inputs }), x!.type);
};

export const unaryLowerings: LoweringTable = {
  Abs: numbers('Abs'),
  Neg: numbers('Neg'),
  Sign: numbers('Sign'),
  Square: (recorder, { x }) => computeNumbers(recorder, 'Mul', [x!, x!], { type: x!.type }),
  Sqrt: floats('Sqrt'),
  Rsqrt: composed((recorder, x) => mapElements(recorder, 'Reciprocal', mapElements(recorder, 'Sqrt', x))),
  Reciprocal: floats('Reciprocal'),
  Exp: floats('Exp', 'float32'),
  Expm1: composed(expm1),
  Log: floats('Log'),
  Log1p: composed(log1p),
  Erf: floats('Erf'),
  Floor: rounding('Floor'),
  Ceil: rounding('Ceil'),
  Round: rounding('Round'),
  Step: step,
  ClipByValue: clip,
  Cast: (recorder, { x }, { dtype }) => cast(recorder, x!, dtype as TracedType),
  Identity: (_recorder, { x }) => x!,
};
