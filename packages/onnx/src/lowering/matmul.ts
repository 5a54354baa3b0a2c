// Matrix products; transposition is a matter of layout as far as the batch axes allow.
import { broadcastShapes, identityLayout, toPhysical, type Layout } from '../layout.js';
import { layoutOf, type Recorder } from '../recorder.js';
import { nodeValue, type Value } from '../value.js';
import type { Lowering, LoweringTable } from './types.js';

const batchMatMul: Lowering = (recorder, { a, b }, { transposeA, transposeB }) => {
  const left = matrixOperand(recorder, a!, transposeA === true);
  const right = matrixOperand(recorder, b!, transposeB === true);
  if (left.shape.at(-1) !== right.shape.at(-2)) {
    const shown = [left, right].map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
    throw new Error(`expected matrices with an equal inner length, got ${shown}`);
  }
  const name = recorder.graph.emit('MatMul', [left.name, right.name]);
  const batch = broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2));
  return nodeValue(name, [...batch, left.shape.at(-2)!, right.shape.at(-1)!], 'float32');
};

/** The operand in C order of its (possibly transposed) logical shape; the two matrix axes may simply change names. */
function matrixOperand(
  recorder: Recorder,
  value: Value,
  transposed: boolean,
): { name: string; shape: readonly number[] } {
  const rank = value.shape.length;
  const plain = identityLayout(rank);
  const swapped: Layout = [...plain.slice(0, -2), rank - 1, rank - 2];
  if (!transposed) return { name: recorder.operand(value, plain), shape: value.shape };
  if (layoutOf(value).every((axis, index) => axis === swapped[index]) || value.kind === 'constant') {
    return { name: recorder.operand(value, swapped), shape: toPhysical(value.shape, swapped) };
  }
  const perm = swapped as number[];
  const name = recorder.graph.emit('Transpose', [recorder.operand(value, plain)], { perm });
  return { name, shape: toPhysical(value.shape, swapped) };
}

export const matmulLowerings: LoweringTable = { BatchMatMul: batchMatMul };
