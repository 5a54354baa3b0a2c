// Reshape, transpose, slices, concatenation and padding. Transposing only renames axes; nothing moves in memory.
import { backend_util, slice_util } from '@tensorflow/tfjs';
import { identityLayout, sameList, sizeOf, toPhysical, type Layout } from '../layout.js';
import { layoutOf, type Recorder } from '../recorder.js';
import { isSplat, nodeValue, splatValue, type NodeValue, type Value } from '../value.js';
import { listInputs, type Lowering, type LoweringTable } from './types.js';

/** `value` with another shape of as many elements. */
export function reshape(recorder: Recorder, value: Value, shape: readonly number[]): Value {
  if (sameList(value.shape, shape)) return value;
  if (value.kind === 'constant') return { ...value, shape };
  const ones = shape.map(() => 1);
  if (sizeOf(value.stored) === 1)
    return nodeValue(recorder.reshape(value.name, ones), shape, value.type, undefined, ones);
  const moved = moveUnitAxes(value, shape);
  if (moved) {
    const name = recorder.reshape(value.name, toPhysical(moved.stored, moved.layout));
    return nodeValue(name, shape, value.type, moved.layout, moved.stored);
  }
  const name = recorder.reshape(recorder.operand(value, identityLayout(value.shape.length)), shape);
  return nodeValue(name, shape, value.type);
}

/** Layout and stored dimensions after adding or removing axes of length 1, which keeps the order in memory. */
function moveUnitAxes(value: NodeValue, shape: readonly number[]): { layout: Layout; stored: number[] } | undefined {
  const longAxes = (dims: readonly number[]) => dims.flatMap((length, axis) => (length > 1 ? [axis] : []));
  const from = longAxes(value.shape);
  const to = longAxes(shape);
  const sameLengths = from.length === to.length && from.every((axis, i) => value.shape[axis] === shape[to[i]!]);
  if (!sameLengths) return undefined;
  const stored = shape.map(() => 1);
  from.forEach((axis, i) => (stored[to[i]!] = value.stored[axis]!));
  const order = value.layout.filter((axis) => value.shape[axis]! > 1).map((axis) => to[from.indexOf(axis)]!);
  const ascending = order.every((axis, i) => i === 0 || order[i - 1]! < axis);
  const units = shape.flatMap((length, axis) => (length > 1 ? [] : [axis]));
  return { layout: ascending ? identityLayout(shape.length) : [...units, ...order], stored };
}

/** The part of `value` of the given `size` from `begin`. */
export function slice(recorder: Recorder, value: Value, begin: readonly number[], size: readonly number[]): Value {
  if (sameList(value.shape, size)) return value;
  if (isSplat(value)) return splatValue(value.splat, size, value.type);
  const layout = layoutOf(value);
  const cut = layout.flatMap((axis, index) => (size[axis] === value.shape[axis] ? [] : [index]));
  const starts = cut.map((index) => begin[layout[index]!]!);
  const ends = cut.map((index) => begin[layout[index]!]! + size[layout[index]!]!);
  const { graph } = recorder;
  const name = graph.emit('Slice', [
    recorder.operand(value, layout),
    graph.integers(starts),
    graph.integers(ends),
    graph.integers(cut),
  ]);
  return nodeValue(name, size, value.type, layout);
}

const transpose: Lowering = (recorder, { x }, attributes) => {
  const perm = attributes['perm'] as number[];
  const value = x!;
  const shape = perm.map((axis) => value.shape[axis]!);
  if (isSplat(value)) return splatValue(value.splat, shape, value.type);
  if (value.kind === 'constant') {
    return nodeValue(
      recorder.operand(value),
      shape,
      value.type,
      identityLayout(perm.length).map((axis) => perm.indexOf(axis)),
    );
  }
  const layout = value.layout.map((axis) => perm.indexOf(axis));
  const stored = perm.map((axis) => value.stored[axis]!);
  return nodeValue(value.name, shape, value.type, layout, stored);
};

const sliceKernel: Lowering = (recorder, { x }, { begin, size }) => {
  const [from, lengths] = slice_util.parseSliceParams(
    { shape: x!.shape } as never,
    begin as number[],
    size as number[],
  );
  return slice(recorder, x!, from, lengths);
};

const split: Lowering = (recorder, { x }, { numOrSizeSplits, axis }) => {
  const along = normalizeAxis(axis as number, x!.shape.length);
  const sizes = backend_util.prepareSplitSize({ shape: x!.shape } as never, numOrSizeSplits as number, along);
  const begin = x!.shape.map(() => 0);
  return sizes.map((length) => {
    const size = x!.shape.map((whole, index) => (index === along ? length : whole));
    const part = slice(recorder, x!, begin.slice(), size);
    begin[along]! += length;
    return part;
  });
};

/** Values joined along a logical axis, in the layout of the largest. */
export function concatenate(recorder: Recorder, values: readonly Value[], axis: number): Value {
  const rank = values[0]!.shape.length;
  const along = normalizeAxis(axis, rank);
  const filled = values.filter((value) => sizeOf(value.shape) > 0);
  if (filled.length === 1) return filled[0]!;
  const layout = recorder.dominantLayout(filled, rank);
  const operands = filled.map((value) => recorder.operand(value, layout));
  const shape = values[0]!.shape.slice();
  shape[along] = filled.reduce((sum, value) => sum + value.shape[along]!, 0);
  const name = recorder.graph.emit('Concat', operands, { axis: layout.indexOf(along) });
  return nodeValue(name, shape, values[0]!.type, layout);
}

const pack: Lowering = (recorder, inputs, attributes) => {
  const values = listInputs(inputs);
  const axis = normalizeAxis(attributes['axis'] as number, values[0]!.shape.length + 1);
  const lifted = values.map((value) => {
    const shape = [...value.shape.slice(0, axis), 1, ...value.shape.slice(axis)];
    return reshape(recorder, value, shape);
  });
  return concatenate(recorder, lifted, axis);
};

const unpack: Lowering = (recorder, { value }, attributes) => {
  const axis = normalizeAxis(attributes['axis'] as number, value!.shape.length);
  const size = value!.shape.map((length, index) => (index === axis ? 1 : length));
  const shape = value!.shape.filter((_, index) => index !== axis);
  return Array.from({ length: value!.shape[axis]! }, (_, item) => {
    const begin = value!.shape.map((_length, index) => (index === axis ? item : 0));
    return reshape(recorder, slice(recorder, value!, begin, size), shape);
  });
};

function padding(mode: (attributes: Readonly<Record<string, unknown>>) => string): Lowering {
  return (recorder, { x }, attributes) => {
    const paddings = attributes['paddings'] as [number, number][];
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x!;
    const layout = layoutOf(x!);
    const { graph } = recorder;
    const amounts = [...layout.map((axis) => paddings[axis]![0]), ...layout.map((axis) => paddings[axis]![1])];
    const inputs = [recorder.operand(x!, layout), graph.integers(amounts)];
    const fill = attributes['constantValue'] as number | undefined;
    if (fill) inputs.push(graph.scalar(fill));
    const name = graph.emit('Pad', inputs, { mode: mode(attributes) });
    const shape = x!.shape.map((length, axis) => length + paddings[axis]![0] + paddings[axis]![1]);
    return nodeValue(name, shape, x!.type, layout);
  };
}

const mirrorMode = (attributes: Readonly<Record<string, unknown>>): string => {
  if (attributes['mode'] === 'reflect') return 'reflect';
  throw new Error("MirrorPad: expected mode 'reflect', got 'symmetric', which ONNX does not have");
};

const tile: Lowering = (recorder, { x }, { reps }) => {
  const repeats = reps as number[];
  const shape = x!.shape.map((length, axis) => length * repeats[axis]!);
  if (isSplat(x!)) return splatValue(x.splat, shape, x.type);
  const layout = layoutOf(x!);
  const name = recorder.graph.emit('Tile', [
    recorder.operand(x!, layout),
    recorder.graph.integers(toPhysical(repeats, layout)),
  ]);
  return nodeValue(name, shape, x!.type, layout);
};

const gather: Lowering = (recorder, { x, indices }, { axis }) => {
  const along = normalizeAxis((axis as number | undefined) ?? 0, x!.shape.length);
  const logical = identityLayout(x!.shape.length);
  const name = recorder.graph.emit(
    'Gather',
    [recorder.operand(x!, logical), recorder.operand(indices!, identityLayout(indices!.shape.length))],
    { axis: along },
  );
  const shape = [...x!.shape.slice(0, along), ...indices!.shape, ...x!.shape.slice(along + 1)];
  return nodeValue(name, shape, x!.type);
};

const reverse: Lowering = (recorder, { x }, { dims }) => {
  const layout = layoutOf(x!);
  const { graph } = recorder;
  const axes = (dims as number[]).map((axis) => layout.indexOf(normalizeAxis(axis, x!.shape.length)));
  const each = (value: number) => graph.integers(axes.map(() => value));
  const name = graph.emit('Slice', [
    recorder.operand(x!, layout),
    each(-1),
    each(-(2 ** 31)),
    graph.integers(axes),
    each(-1),
  ]);
  return nodeValue(name, x!.shape, x!.type, layout);
};

function normalizeAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The shape that Reshape's −1 stands for. */
function completeShape(shape: readonly number[], size: number): number[] {
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  return shape.map((length) => (length === -1 ? size / known : length));
}

export const shapeLowerings: LoweringTable = {
  Reshape: (recorder, { x }, { shape }) => reshape(recorder, x!, completeShape(shape as number[], sizeOf(x!.shape))),
  ExpandDims: (recorder, { input }, { dim }) => {
    const axis = normalizeAxis(dim as number, input!.shape.length + 1);
    return reshape(recorder, input!, [...input!.shape.slice(0, axis), 1, ...input!.shape.slice(axis)]);
  },
  Transpose: transpose,
  Slice: sliceKernel,
  SplitV: split,
  Concat: (recorder, inputs, { axis }) => concatenate(recorder, listInputs(inputs), axis as number),
  Pack: pack,
  Unpack: unpack,
  PadV2: padding(() => 'constant'),
  MirrorPad: padding(mirrorMode),
  Tile: tile,
  GatherV2: gather,
  Reverse: reverse,
};
