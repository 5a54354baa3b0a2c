// Sums, means and extremes along axes, softmax and arg-max: axes are rewritten over the layout, nothing is transposed.
import type { GraphBuilder } from '../graph.js';
import { identityLayout, withoutAxes } from '../layout.js';
import { CAST_CODES, layoutOf, type Recorder } from '../recorder.js';
import { nodeValue, type Value } from '../value.js';
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

/** `op` along logical `axes`. */
export function reduce(
  recorder: Recorder,
  op: string,
  value: Value,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  if (axes.length === 0) return value;
  const layout = layoutOf(value);
  const physicalAxes = layout.flatMap((axis, index) => (axes.includes(axis) ? [index] : []));
  const name = reducePhysical(recorder.graph, op, recorder.operand(value, layout), {
    axes: physicalAxes,
    rank: layout.length,
    keepDims,
  });
  if (keepDims) {
    const shape = value.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    return nodeValue(name, shape, value.type, layout);
  }
  const shape = value.shape.filter((_, axis) => !axes.includes(axis));
  return nodeValue(name, shape, value.type, withoutAxes(layout, axes));
}

function reduction(op: string, axesKey = 'axis'): Lowering {
  return (recorder, { x }, attributes) =>
    reduce(recorder, op, x!, parseAxes(attributes[axesKey], x!.shape.length), attributes['keepDims'] === true);
}

function alongLastAxis(op: string): Lowering {
  return (recorder, { logits }, { dim }) => {
    const rank = logits!.shape.length;
    const axis = ((dim as number | undefined) ?? rank - 1) % rank;
    const layout = layoutOf(logits!);
    const physical = layout.indexOf(axis < 0 ? axis + rank : axis);
    const name = recorder.graph.emit(op, [recorder.operand(logits!, layout)], { axis: physical });
    return nodeValue(name, logits!.shape, logits!.type, layout);
  };
}

function argument(op: string): Lowering {
  return (recorder, { x }, { axis }) => {
    const [logical] = parseAxes(axis, x!.shape.length);
    const layout = layoutOf(x!);
    const found = recorder.graph.emit(op, [recorder.operand(x!, layout)], {
      axis: layout.indexOf(logical!),
      keepdims: 0,
    });
    const name = recorder.graph.emit('Cast', [found], { to: CAST_CODES.int32 });
    const shape = x!.shape.filter((_, index) => index !== logical);
    return nodeValue(name, shape, 'int32', withoutAxes(layout, [logical!]));
  };
}

/** Non-negative axes; all of them where none is given. */
function parseAxes(axes: unknown, rank: number): readonly number[] {
  if (axes === undefined || axes === null) return identityLayout(rank);
  const list = (Array.isArray(axes) ? axes : [axes]) as number[];
  return list.map((axis) => (axis < 0 ? axis + rank : axis));
}

export const reductionLowerings: LoweringTable = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Prod: reduction('ReduceProd'),
  Max: reduction('ReduceMax', 'reductionIndices'),
  Min: reduction('ReduceMin'),
  Softmax: alongLastAxis('Softmax'),
  LogSoftmax: alongLastAxis('LogSoftmax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
};
