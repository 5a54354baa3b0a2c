// Elements picked by index and put at indices. An index outside of its axis is an error that only a run can notice.
import { identityLayout, sizeOf, type Layout } from '../layout.js';
import { layoutOf, type Recorder } from '../recorder.js';
import { nodeValue, splatValue, type Value } from '../value.js';
import { normalizeAxis } from './axes.js';
import { broadcastTo, cast, computingType } from './elementwise.js';
import { reshape } from './shape.js';
import type { Lowering, LoweringTable } from './types.js';

/** ONNX code of int64, in which GatherND and ScatterND want their indices. */
const INT64_CODE = 7;

const gather: Lowering = (recorder, { x, indices }, attributes) => {
  const axis = normalizeAxis((attributes['axis'] as number | undefined) ?? 0, x!.shape.length);
  const batchAxes = normalizeAxis((attributes['batchDims'] as number | undefined) ?? 0, indices!.shape.length);
  const places = cast(recorder, indices!, 'int32');
  return batchAxes === 0
    ? gatherAlong(recorder, x!, places, axis)
    : gatherInBatches(recorder, x!, places, { axis, batchAxes });
};

/** `x` with the axis replaced by those of `indices`, where it lies in memory. */
function gatherAlong(recorder: Recorder, x: Value, indices: Value, axis: number): Value {
  const rank = indices.shape.length;
  const layout = layoutOf(x);
  const inputs = [recorder.operand(x, layout), recorder.operand(indices, identityLayout(rank))];
  const name = recorder.graph.emit('Gather', inputs, { axis: layout.indexOf(axis) });
  const placed = layout.flatMap((own) => {
    if (own === axis) return identityLayout(rank).map((index) => axis + index);
    return [own < axis ? own : own + rank - 1];
  });
  return nodeValue(name, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], x.type, placed);
}

/** As {@link gatherAlong} with indices of their own for every place along the first `batchAxes` axes. */
function gatherInBatches(
  recorder: Recorder,
  x: Value,
  indices: Value,
  { axis, batchAxes }: { readonly axis: number; readonly batchAxes: number },
): Value {
  const own = indices.shape.length - batchAxes;
  const batch = identityLayout(batchAxes);
  const rest = layoutOf(x).filter((other) => other >= batchAxes && other !== axis);
  const name = emitGatherNd(recorder, x, reshape(recorder, indices, [...indices.shape, 1]), {
    layout: [...batch, axis, ...rest],
    batchAxes,
  });
  const picked = identityLayout(own).map((index) => axis + index);
  const layout = [...batch, ...picked, ...rest.map((other) => (other < axis ? other : other + own - 1))];
  const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batchAxes), ...x.shape.slice(axis + 1)];
  return nodeValue(name, shape, x.type, layout);
}

const gatherNd: Lowering = (recorder, { params, indices }) => {
  const depth = indices!.shape.at(-1)!;
  const outer = indices!.shape.slice(0, -1);
  const rest = layoutOf(params!).filter((axis) => axis >= depth);
  const layout = [...identityLayout(depth), ...rest];
  const name = emitGatherNd(recorder, params!, cast(recorder, indices!, 'int32'), { layout, batchAxes: 0 });
  const placed = [...identityLayout(outer.length), ...rest.map((axis) => axis - depth + outer.length)];
  return nodeValue(name, [...outer, ...params!.shape.slice(depth)], params!.type, placed);
};

function emitGatherNd(
  recorder: Recorder,
  data: Value,
  indices: Value,
  { layout, batchAxes }: { readonly layout: Layout; readonly batchAxes: number },
): string {
  return recorder.graph.emit('GatherND', [recorder.operand(data, layout), int64Operand(recorder, indices)], {
    batch_dims: batchAxes,
  });
}

function int64Operand(recorder: Recorder, value: Value): string {
  const name = recorder.operand(value, identityLayout(value.shape.length));
  return recorder.graph.emit('Cast', [name], { to: INT64_CODE });
}

/** `data` with `updates` put (or added, several at one place included) where the rows of `indices` point. */
function scatter(
  recorder: Recorder,
  data: Value,
  { indices, updates, reduction }: { readonly indices: Value; readonly updates: Value; readonly reduction: string },
): Value {
  const rank = data.shape.length;
  // TensorFlow.js takes a vector of indices as a column.
  const rows = indices.shape.length > 1 ? indices : reshape(recorder, indices, [sizeOf(indices.shape), 1]);
  const shape = [...rows.shape.slice(0, -1), ...data.shape.slice(rows.shape.at(-1)!)];
  const given = sizeOf(updates.shape) === sizeOf(shape) ? reshape(recorder, updates, shape) : updates;
  const values = broadcastTo(recorder, cast(recorder, given, data.type), shape);
  const inputs = [
    recorder.operand(data, identityLayout(rank)),
    int64Operand(recorder, cast(recorder, rows, 'int32')),
    recorder.operand(values, identityLayout(shape.length)),
  ];
  return nodeValue(recorder.graph.emit('ScatterND', inputs, { reduction }), data.shape, data.type);
}

/** Zeros with `updates` added. */
const scatterNd: Lowering = (recorder, { indices, updates }, { shape }) => {
  const type = computingType(updates!);
  const zeros = splatValue(0, shape as number[], type);
  return cast(
    recorder,
    scatter(recorder, zeros, { indices: indices!, updates: updates!, reduction: 'add' }),
    updates!.type,
  );
};

const sparseToDense: Lowering = (recorder, { sparseIndices, sparseValues, defaultValue }, attributes) => {
  const shape = attributes['outputShape'] as number[];
  const type = sparseValues!.type;
  const fill = defaultValue ? cast(recorder, defaultValue, type) : splatValue(0, [], type);
  const background = broadcastTo(recorder, reshape(recorder, fill, []), shape);
  return scatter(recorder, background, { indices: sparseIndices!, updates: sparseValues!, reduction: 'none' });
};

export const gatherLowerings: LoweringTable = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  SparseToDense: sparseToDense,
  TensorScatterUpdate: (recorder, { tensor, indices, updates }) =>
    scatter(recorder, tensor!, { indices: indices!, updates: updates!, reduction: 'none' }),
};
