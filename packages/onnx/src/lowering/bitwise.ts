// BitwiseAnd, which this opset lacks: bit by bit, in int64, where remainders of negative numbers are two's complement.
import { CAST_CODES } from '../recorder.js';
import { nodeValue, type Value } from '../value.js';
import { cast } from './elementwise.js';
import type { Lowering, LoweringTable } from './types.js';

const BITS = 32;
const INT64_CODE = 7;

const bitwiseAnd: Lowering = (recorder, { a, b }) => {
  const { graph } = recorder;
  const layout = recorder.dominantLayout([a!, b!], a!.shape.length);
  const powers = (from: number) => graph.integers(Array.from({ length: BITS }, (_, bit) => 2 ** (bit + from)));
  const bits = (value: Value) => {
    const wide = graph.emit('Cast', [recorder.operand(cast(recorder, value, 'int32'), layout)], { to: INT64_CODE });
    const column = graph.emit('Unsqueeze', [wide, graph.integers([layout.length])]);
    return graph.emit('Div', [graph.emit('Mod', [column, powers(1)]), powers(0)]);
  };
  const common = graph.emit('Mul', [bits(a!), bits(b!)]);
  // The highest bit counts −2³¹.
  const weights = graph.integers(Array.from({ length: BITS }, (_, bit) => (bit === BITS - 1 ? -(2 ** bit) : 2 ** bit)));
  const weighted = graph.emit('Mul', [common, weights]);
  const sum = graph.emit('ReduceSum', [weighted, graph.integers([layout.length])], { keepdims: 0 });
  const name = graph.emit('Cast', [sum], { to: CAST_CODES.int32 });
  return nodeValue(name, a!.shape, 'int32', layout);
};

export const bitwiseLowerings: LoweringTable = { BitwiseAnd: bitwiseAnd };
