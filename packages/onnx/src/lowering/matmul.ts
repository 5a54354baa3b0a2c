// Matrix products; transposition is a matter of layout as far as the batch axes allow.
import { broadcastShapes, identityLayout, type Layout } from '../layout.js';
import { layoutOf, type Recorder } from '../recorder.js';
import { nodeValue, type Value } from '../value.js';
import { finishFused } from './activation.js';
import { cast, computingType } from './elementwise.js';
import type { KernelAttributes, LoweringTable } from './types.js';

function multiplyMatrices(recorder: Recorder, a: Value, b: Value, { transposeA, transposeB }: KernelAttributes): Value {
  const type = computingType(a, b);
  const [left, right] = [cast(recorder, a, type), cast(recorder, b, type)];
  const leftShape = matrixShape(left, transposeA === true);
  const rightShape = matrixShape(right, transposeB === true);
  if (leftShape.at(-1) !== rightShape.at(-2)) {
    const shown = [leftShape, rightShape].map((shape) => `[${shape.join(', ')}]`).join(' and ');
    throw new Error(`expected matrices with an equal inner length, got ${shown}`);
  }
  const batch = broadcastShapes(leftShape.slice(0, -2), rightShape.slice(0, -2));
  const name =
    type === 'float32' && leftShape.length === 2 && rightShape.length === 2
      ? plainProduct(
          recorder,
          { value: left, transposed: transposeA === true },
          { value: right, transposed: transposeB === true },
        )
      : recorder.graph.emit('MatMul', [
          matrixOperand(recorder, left, transposeA === true),
          matrixOperand(recorder, right, transposeB === true),
        ]);
  return cast(recorder, nodeValue(name, [...batch, leftShape.at(-2)!, rightShape.at(-1)!], type), a.type);
}

function matrixShape({ shape }: Value, transposed: boolean): readonly number[] {
  return transposed ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;
}

interface Matrix {
  readonly value: Value;
  readonly transposed: boolean;
}

/** Of two matrices: Gemm takes each as it lies in memory. */
function plainProduct(recorder: Recorder, left: Matrix, right: Matrix): string {
  const operands = [left, right].map(({ value, transposed }) => {
    const layout = layoutOf(value);
    return { name: recorder.operand(value, layout), flipped: transposed !== (layout[0] === 1) };
  });
  const names = operands.map((operand) => operand.name);
  if (!operands.some((operand) => operand.flipped)) return recorder.graph.emit('MatMul', names);
  const [transA, transB] = operands.map((operand) => Number(operand.flipped));
  return recorder.graph.emit('Gemm', names, { transA: transA!, transB: transB! });
}

/** The operand in C order of its (possibly transposed) logical shape; the two matrix axes may simply change names. */
function matrixOperand(recorder: Recorder, value: Value, transposed: boolean): string {
  const rank = value.shape.length;
  const plain = identityLayout(rank);
  const swapped: Layout = [...plain.slice(0, -2), rank - 1, rank - 2];
  if (!transposed) return recorder.operand(value, plain);
  if (layoutOf(value).every((axis, index) => axis === swapped[index]) || value.kind === 'constant') {
    return recorder.operand(value, swapped);
  }
  return recorder.graph.emit('Transpose', [recorder.operand(value, plain)], { perm: swapped as number[] });
}

/** Einstein summation: the letters of each input are put in the order in which its axes lie in memory. */
function einsum(recorder: Recorder, inputs: readonly Value[], equation: string): Value {
  const [terms, output] = equation.replace(/\s/g, '').split('->') as [string, string];
  const letters = terms.split(',');
  const type = computingType(...inputs);
  const lengths = new Map(
    letters.flatMap((term, i) => [...term].map((letter, axis) => [letter, inputs[i]!.shape[axis]!])),
  );
  const lying = inputs.map((value, i) =>
    layoutOf(value)
      .map((axis) => letters[i]![axis]!)
      .join(''),
  );
  const names = inputs.map((value) => recorder.operand(cast(recorder, value, type)));
  const name = recorder.graph.emit('Einsum', names, { equation: `${lying.join(',')}->${output}` });
  const shape = [...output].map((letter) => lengths.get(letter)!);
  return cast(recorder, nodeValue(name, shape, type), inputs[0]!.type);
}

export const matmulLowerings: LoweringTable = {
  BatchMatMul: (recorder, { a, b }, attributes) => multiplyMatrices(recorder, a!, b!, attributes),
  _FusedMatMul: (recorder, inputs, attributes) =>
    finishFused(recorder, multiplyMatrices(recorder, inputs['a']!, inputs['b']!, attributes), inputs, attributes),
  Einsum: (recorder, inputs, { equation }) => einsum(recorder, Object.values(inputs), equation as string),
};
