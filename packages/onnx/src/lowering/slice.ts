// Parts of a value: slices with and without strides, splits, and reversed axes, cut along the axes as they lie in memory.
import { backend_util, slice_util } from '@tensorflow/tfjs';
import { sizeOf } from '../layout.js';
import { layoutOf, type Recorder } from '../recorder.js';
import { isSplat, nodeValue, splatValue, type Value } from '../value.js';
import { normalizeAxis, parseAxes } from './axes.js';
import { reshape } from './shape.js';
import type { Lowering, LoweringTable } from './types.js';

/** An end that lies before the first element, as a negative step needs it: a plain −1 would count from the end. */
const BEFORE_START = -(2 ** 31);

/** Every `stride`-th element from `begin`, `size` of them along each axis; strides may be negative. */
export function stridedSlice(
  recorder: Recorder,
  value: Value,
  {
    begin,
    size,
    strides = size.map(() => 1),
  }: { readonly begin: readonly number[]; readonly size: readonly number[]; readonly strides?: readonly number[] },
): Value {
  const isWhole = (axis: number) => size[axis] === value.shape[axis] && strides[axis] === 1;
  if (size.every((_, axis) => isWhole(axis))) return value;
  if (isSplat(value)) return splatValue(value.splat, size, value.type);
  const layout = layoutOf(value);
  const cut = layout.filter((axis) => !isWhole(axis));
  const ends = cut.map((axis) => {
    const end = begin[axis]! + (size[axis]! - 1) * strides[axis]! + Math.sign(strides[axis]!);
    return end < 0 ? BEFORE_START : end;
  });
  const { graph } = recorder;
  const inputs = [
    recorder.operand(value, layout),
    graph.integers(cut.map((axis) => begin[axis]!)),
    graph.integers(ends),
    graph.integers(cut.map((axis) => layout.indexOf(axis))),
  ];
  if (cut.some((axis) => strides[axis] !== 1)) inputs.push(graph.integers(cut.map((axis) => strides[axis]!)));
  return nodeValue(graph.emit('Slice', inputs), size, value.type, layout);
}

/** The part of `value` of the given `size` from `begin`. */
export function slice(recorder: Recorder, value: Value, begin: readonly number[], size: readonly number[]): Value {
  return stridedSlice(recorder, value, { begin, size });
}

/** `value` with the order along `axes` reversed. */
export function reverse(recorder: Recorder, value: Value, axes: readonly number[]): Value {
  const reversed = (axis: number) => axes.includes(axis) && value.shape[axis]! > 1;
  return stridedSlice(recorder, value, {
    begin: value.shape.map((length, axis) => (reversed(axis) ? length - 1 : 0)),
    size: value.shape,
    strides: value.shape.map((_, axis) => (reversed(axis) ? -1 : 1)),
  });
}

const sliceKernel: Lowering = (recorder, { x }, { begin, size }) => {
  const given = { shape: x!.shape } as Parameters<typeof slice_util.parseSliceParams>[0];
  const [from, lengths] = slice_util.parseSliceParams(given, begin as number[], size as number[]);
  return slice(recorder, x!, from, lengths);
};

const stridedSliceKernel: Lowering = (recorder, { x }, attributes) => {
  const lists = ['begin', 'end', 'strides'].map((key) => attributes[key] as number[]) as [number[], number[], number[]];
  const masks = ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask'].map(
    (key) => attributes[key] as number,
  ) as [number, number, number, number, number];
  const { begin, end, strides, finalShape } = slice_util.sliceInfo([...x!.shape], ...lists, ...masks);
  if (sizeOf(finalShape) === 0) return splatValue(0, finalShape, x!.type);
  const size = begin.map((from, axis) => Math.ceil((end[axis]! - from) / strides[axis]!));
  return reshape(recorder, stridedSlice(recorder, x!, { begin, size, strides }), finalShape);
};

const split: Lowering = (recorder, { x }, { numOrSizeSplits, axis }) => {
  const along = normalizeAxis(axis as number, x!.shape.length);
  const given = { shape: x!.shape } as Parameters<typeof backend_util.prepareSplitSize>[0];
  const sizes = backend_util.prepareSplitSize(given, numOrSizeSplits as number, along);
  let from = 0;
  return sizes.map((length) => {
    const part = alongAxis(recorder, x!, along, [from, length]);
    from += length;
    return part;
  });
};

const unpack: Lowering = (recorder, { value }, attributes) => {
  const axis = normalizeAxis(attributes['axis'] as number, value!.shape.length);
  const shape = value!.shape.filter((_, index) => index !== axis);
  return Array.from({ length: value!.shape[axis]! }, (_, item) =>
    reshape(recorder, alongAxis(recorder, value!, axis, [item, 1]), shape),
  );
};

/** `length` elements from `from` along one axis, all along the others. */
function alongAxis(recorder: Recorder, value: Value, axis: number, [from, length]: readonly [number, number]): Value {
  const begin = value.shape.map((_, index) => (index === axis ? from : 0));
  const size = value.shape.map((whole, index) => (index === axis ? length : whole));
  return slice(recorder, value, begin, size);
}

export const sliceLowerings: LoweringTable = {
  Slice: sliceKernel,
  StridedSlice: stridedSliceKernel,
  SplitV: split,
  Unpack: unpack,
  Reverse: (recorder, { x }, { dims }) => reverse(recorder, x!, parseAxes(dims, x!.shape.length)),
  FlipLeftRight: (recorder, { image }) => reverse(recorder, image!, [2]),
};
