// Sums, products, means and extremes along axes: axes are rewritten over the layout, nothing is transposed.
import type { GraphBuilder } from '../graph.js';
import { sizeOf, toPhysical, withoutAxes } from '../layout.js';
import { layoutOf, type Recorder } from '../recorder.js';
import { nodeValue, splatValue, type TracedType, type Value } from '../value.js';
import { parseAxes } from './axes.js';
import { cast, computeNumbers } from './elementwise.js';
import type { Lowering, LoweringTable } from './types.js';

/** Operators that add: ONNX Runtime adds a plane in one running sum, which loses digits. */
const ADDING = new Set(['ReduceSum', 'ReduceMean']);

/**
 * `op` along physical `axes` of a value of physical `rank`. Where it adds over the innermost axis and others, rows come
 * first: sums of sums keep the digits that one running sum over 65,536 pixels loses (1e-5 of a variance).
 */
export function reducePhysical(
  graph: GraphBuilder,
  op: string,
  name: string,
  {
    axes,
    rank,
    keepDims = false,
  }: { readonly axes: readonly number[]; readonly rank: number; readonly keepDims?: boolean },
): string {
  const innermost = rank - 1;
  if (ADDING.has(op) && axes.length > 1 && axes.includes(innermost)) {
    const rows = emitReduction(graph, op, name, { axes: [innermost], keepDims });
    return emitReduction(graph, op, rows, { axes: axes.filter((axis) => axis !== innermost), keepDims });
  }
  return emitReduction(graph, op, name, { axes, keepDims });
}

/** In this opset the axes of ReduceSum are an input, those of the others an attribute. */
function emitReduction(
  graph: GraphBuilder,
  op: string,
  name: string,
  { axes, keepDims }: { readonly axes: readonly number[]; readonly keepDims: boolean },
): string {
  const keepdims = keepDims ? 1 : 0;
  if (op === 'ReduceSum') return graph.emit(op, [name, graph.integers(axes)], { keepdims });
  return graph.emit(op, [name], { axes, keepdims });
}

/** What repeating an element along an axis does to the result, where it does anything: `count` repetitions of `value`. */
const REPETITION: Readonly<Record<string, string>> = { ReduceSum: 'Mul', ReduceProd: 'Pow' };

/** `op` along logical `axes`. Axes whose elements are all the same are not written out. */
export function reduce(
  recorder: Recorder,
  op: string,
  value: Value,
  { axes, keepDims }: { readonly axes: readonly number[]; readonly keepDims: boolean },
): Value {
  if (axes.length === 0) return value;
  const layout = layoutOf(value);
  const stored = value.kind === 'node' ? value.stored : value.shape;
  const name = reducePhysical(recorder.graph, op, value.kind === 'node' ? value.name : recorder.operand(value), {
    axes: layout.flatMap((axis, index) => (axes.includes(axis) ? [index] : [])),
    rank: layout.length,
    keepDims,
  });
  const reduced = (dims: readonly number[]) =>
    keepDims
      ? dims.map((length, axis) => (axes.includes(axis) ? 1 : length))
      : dims.filter((_, axis) => !axes.includes(axis));
  const left = keepDims ? layout : withoutAxes(layout, axes);
  const result = nodeValue(name, reduced(value.shape), value.type, left, reduced(stored));
  const repetitions = sizeOf(toPhysical(value.shape, axes)) / sizeOf(toPhysical(stored, axes));
  const repetition = REPETITION[op];
  if (repetitions === 1 || !repetition) return result;
  return computeNumbers(recorder, repetition, [result, splatValue(repetitions, [], value.type)], { type: value.type });
}

/** A reduction in the type that `computed` chooses, cast to the one that `resulting` chooses. */
function reduction(
  op: string,
  {
    axesKey = 'axis',
    computed = (type) => (type === 'bool' ? 'int32' : type),
    resulting = computed,
  }: {
    readonly axesKey?: string;
    readonly computed?: (type: TracedType) => TracedType;
    readonly resulting?: (type: TracedType) => TracedType;
  } = {},
): Lowering {
  return (recorder, { x }, attributes) => {
    const axes = parseAxes(attributes[axesKey], x!.shape.length);
    const value = cast(recorder, x!, computed(x!.type));
    const result = reduce(recorder, op, value, { axes, keepDims: attributes['keepDims'] === true });
    return cast(recorder, result, resulting(x!.type));
  };
}

const same = (type: TracedType): TracedType => type;

export const reductionLowerings: LoweringTable = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean', { computed: () => 'float32' }),
  Prod: reduction('ReduceProd'),
  Max: reduction('ReduceMax', { axesKey: 'reductionIndices', resulting: same }),
  Min: reduction('ReduceMin', { resulting: same }),
  All: reduction('ReduceMin', { computed: () => 'int32', resulting: () => 'bool' }),
  Any: reduction('ReduceMax', { computed: () => 'int32', resulting: () => 'bool' }),
};
