// Trigonometric and hyperbolic functions, of one value and of two.
import { splatValue, type Value } from '../value.js';
import { cast, computeFloats, mapElements } from './elementwise.js';
import type { Lowering, LoweringTable } from './types.js';

function floats(op: string): Lowering {
  return (recorder, { x }) => computeFloats(recorder, op, x!);
}

/** Angle of the point (b, a): the arc tangent of a / b, turned by ±π where b is negative; 0 for the origin. */
const atan2: Lowering = (recorder, { a, b }) => {
  const [y, x] = [cast(recorder, a!, 'float32'), cast(recorder, b!, 'float32')];
  const number = (value: number) => splatValue(value, []);
  const compare = (op: string, value: Value) => recorder.elementwise(op, [value, number(0)], 'bool');
  const choose = (condition: Value, yes: Value, no: Value) => recorder.elementwise('Where', [condition, yes, no]);
  const angle = mapElements(recorder, 'Atan', recorder.elementwise('Div', [y, x]));
  const turn = choose(compare('Less', y), number(-Math.PI), number(Math.PI));
  const turned = recorder.elementwise('Add', [angle, choose(compare('Less', x), turn, number(0))]);
  const atOrigin = recorder.elementwise('And', [compare('Equal', x), compare('Equal', y)], 'bool');
  return cast(recorder, choose(atOrigin, number(0), turned), a!.type);
};

export const trigonometryLowerings: LoweringTable = {
  Sin: floats('Sin'),
  Cos: floats('Cos'),
  Tan: floats('Tan'),
  Asin: floats('Asin'),
  Acos: floats('Acos'),
  Atan: floats('Atan'),
  Atan2: atan2,
  Sinh: floats('Sinh'),
  Cosh: floats('Cosh'),
  Tanh: floats('Tanh'),
  Asinh: floats('Asinh'),
  Acosh: floats('Acosh'),
  Atanh: floats('Atanh'),
};
