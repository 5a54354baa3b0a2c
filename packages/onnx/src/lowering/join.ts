// Values joined, repeated and padded, in the layout that they have.
import { sizeOf, toPhysical } from '../layout.js';
import { layoutOf, type Recorder } from '../recorder.js';
import { isSplat, knownData, nodeValue, splatValue, type NodeValue, type Paddings, type Value } from '../value.js';
import { normalizeAxis } from './axes.js';
import { broadcastTo } from './elementwise.js';
import { reshape } from './shape.js';
import { reverse, slice } from './slice.js';
import { listInputs, type Lowering, type LoweringTable } from './types.js';

/** Values joined along a logical axis, in the layout of the largest. */
export function concatenate(recorder: Recorder, values: readonly Value[], axis: number): Value {
  const filled = values.filter((value) => sizeOf(value.shape) > 0);
  const [first] = filled;
  if (filled.length === 1) return first!;
  const rank = first!.shape.length;
  const along = normalizeAxis(axis, rank);
  const layout = recorder.dominantLayout(filled, rank);
  const operands = filled.map((value) => recorder.operand(value, layout));
  const total = filled.reduce((sum, value) => sum + value.shape[along]!, 0);
  const shape = first!.shape.map((length, index) => (index === along ? total : length));
  const name = recorder.graph.emit('Concat', operands, { axis: layout.indexOf(along) });
  return nodeValue(name, shape, first!.type, layout);
}

const concat: Lowering = (recorder, inputs, { axis }) => {
  const values = listInputs(inputs);
  const along = normalizeAxis(axis as number, values[0]!.shape.length);
  const total = values.reduce((sum, value) => sum + value.shape[along]!, 0);
  const shape = values[0]!.shape.map((length, index) => (index === along ? total : length));
  if (sizeOf(shape) === 0) return splatValue(0, shape, values[0]!.type);
  return concatenate(recorder, values, along);
};

const pack: Lowering = (recorder, inputs, attributes) => {
  const values = listInputs(inputs);
  const { shape } = values[0]!;
  const axis = normalizeAxis(attributes['axis'] as number, shape.length + 1);
  if (sizeOf(shape) === 0) {
    return splatValue(0, [...shape.slice(0, axis), values.length, ...shape.slice(axis)], values[0]!.type);
  }
  const lifted = values.map((value) => reshape(recorder, value, [...shape.slice(0, axis), 1, ...shape.slice(axis)]));
  return concatenate(recorder, lifted, axis);
};

/** `value` with `fill` around it. */
export function pad(recorder: Recorder, value: Value, paddings: Paddings, fill = 0): Value {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return value;
  const shape = value.shape.map((length, axis) => length + paddings[axis]![0] + paddings[axis]![1]);
  if (isSplat(value, fill)) return splatValue(fill, shape, value.type);
  const padded = emitPad(recorder, value, paddings, { mode: 'constant', fill });
  return fill === 0 ? { ...padded, padOf: { value, paddings } } : padded;
}

function emitPad(
  recorder: Recorder,
  value: Value,
  paddings: Paddings,
  { mode, fill }: { readonly mode: 'constant' | 'reflect'; readonly fill: number },
): NodeValue {
  const layout = layoutOf(value);
  const { graph } = recorder;
  const amounts = [...layout.map((axis) => paddings[axis]![0]), ...layout.map((axis) => paddings[axis]![1])];
  const inputs = [recorder.operand(value, layout), graph.integers(amounts)];
  if (fill !== 0) inputs.push(graph.constant(knownData(splatValue(fill, [], value.type)), [], value.type));
  const shape = value.shape.map((length, axis) => length + paddings[axis]![0] + paddings[axis]![1]);
  const name = graph.emit('Pad', inputs, { mode });
  recorder.padOutputs.add(name);
  return nodeValue(name, shape, value.type, layout);
}

/** Padding by mirror images: without the border ('reflect', as ONNX has it) or with it ('symmetric', composed here). */
const mirrorPad: Lowering = (recorder, { x }, attributes) => {
  const paddings = attributes['paddings'] as Paddings;
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x!;
  if (attributes['mode'] === 'reflect') return emitPad(recorder, x!, paddings, { mode: 'reflect', fill: 0 });
  return paddings.reduce<Value>((value, [before, after], axis) => {
    const border = (from: number, length: number) => {
      const begin = value.shape.map((_, index) => (index === axis ? from : 0));
      const size = value.shape.map((whole, index) => (index === axis ? length : whole));
      return reverse(recorder, slice(recorder, value, begin, size), [axis]);
    };
    const parts = [value];
    if (before > 0) parts.unshift(border(0, before));
    if (after > 0) parts.push(border(value.shape[axis]! - after, after));
    return concatenate(recorder, parts, axis);
  }, x!);
};

/** Repeats every axis; those of length 1 are only marked as longer, and broadcast where all elements are needed. */
const tile: Lowering = (recorder, { x }, attributes) => {
  const reps = attributes['reps'] as number[];
  const shape = x!.shape.map((length, axis) => length * reps[axis]!);
  if (isSplat(x!)) return splatValue(x.splat, shape, x.type);
  const copies = reps.map((count, axis) => (x!.shape[axis] === 1 ? 1 : count));
  if (copies.every((count) => count === 1)) return broadcastTo(recorder, x!, shape);
  const layout = layoutOf(x!);
  const repeated = recorder.graph.emit('Tile', [
    recorder.operand(x!, layout),
    recorder.graph.integers(toPhysical(copies, layout)),
  ]);
  const tiled = x!.shape.map((length, axis) => length * copies[axis]!);
  return broadcastTo(recorder, nodeValue(repeated, tiled, x!.type, layout), shape);
};

export const joinLowerings: LoweringTable = {
  Concat: concat,
  Pack: pack,
  PadV2: (recorder, { x }, { paddings, constantValue }) =>
    pad(recorder, x!, paddings as Paddings, (constantValue as number | undefined) ?? 0),
  MirrorPad: mirrorPad,
  Tile: tile,
};
