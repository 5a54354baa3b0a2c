// Reshaping and transposing. Transposing only renames axes; reshaping keeps the order in memory where that is possible.
import { sameList, sizeOf, toPhysical } from '../layout.js';
import type { Recorder } from '../recorder.js';
import { isSplat, nodeValue, splatValue, type NodeValue, type Value } from '../value.js';
import { normalizeAxis } from './axes.js';
import type { Lowering, LoweringTable } from './types.js';

/** `value` with another shape of as many elements. */
export function reshape(recorder: Recorder, value: Value, shape: readonly number[]): Value {
  if (sameList(value.shape, shape)) return value;
  if (value.kind === 'constant') return { ...value, shape };
  const groups = matchAxes(value.shape, shape);
  const source = groups.some((group) => isMixed(value, group)) ? writeOut(recorder, value) : value;
  const isStored = (axis: number) => source.stored[axis] === source.shape[axis];
  const inMemory = [...groups].sort((a, b) => memoryPlace(source, a) - memoryPlace(source, b));
  const stored = shape.map(() => 1);
  for (const { from, to } of groups) {
    if (from.every(isStored)) to.forEach((axis) => (stored[axis] = shape[axis]!));
  }
  const layout = inMemory.flatMap((group) => group.to);
  // An axis of length 1 lies behind its predecessor, so that the two can be merged when it has grown.
  shape.forEach((_, axis) => {
    if (!layout.includes(axis)) layout.splice(layout.indexOf(axis - 1) + 1, 0, axis);
  });
  const name = arrange(
    recorder,
    source,
    inMemory.flatMap((group) => group.from),
  );
  return nodeValue(recorder.reshape(name, toPhysical(stored, layout)), shape, value.type, layout, stored);
}

/** Axes longer than 1, before and after, whose lengths have the same product: they can be reshaped on their own. */
interface AxisGroup {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The smallest groups of axes, in logical order; axes of length 1 are in none. */
function matchAxes(before: readonly number[], after: readonly number[]): AxisGroup[] {
  const longAxes = (dims: readonly number[]) => dims.flatMap((length, axis) => (length > 1 ? [axis] : []));
  const [sources, targets] = [longAxes(before), longAxes(after)];
  const groups: AxisGroup[] = [];
  while (sources.length > 0) {
    const group = { from: [sources.shift()!], to: [targets.shift()!] };
    for (;;) {
      const difference = sizeOf(toPhysical(before, group.from)) - sizeOf(toPhysical(after, group.to));
      if (difference === 0) break;
      if (difference < 0) group.from.push(sources.shift()!);
      else group.to.push(targets.shift()!);
    }
    groups.push(group);
  }
  return groups;
}

/** Whether only some of a group's axes are yet to be broadcast. */
function isMixed(value: NodeValue, group: AxisGroup): boolean {
  const pending = group.from.filter((axis) => value.stored[axis] !== value.shape[axis]);
  return pending.length > 0 && pending.length < group.from.length;
}

/** `value` with all elements stored. */
function writeOut(recorder: Recorder, value: NodeValue): NodeValue {
  return nodeValue(recorder.operand(value), value.shape, value.type, value.layout);
}

/** Where the longest axis of a group lies in memory. */
function memoryPlace(value: NodeValue, { from }: AxisGroup): number {
  const longest = from.reduce((best, axis) => (value.shape[axis]! > value.shape[best]! ? axis : best));
  return value.layout.indexOf(longest);
}

/** Name of the stored elements with the long axes in the given order; transposed only if they lie in another one. */
function arrange(recorder: Recorder, value: NodeValue, longAxes: readonly number[]): string {
  const stored = (axes: readonly number[]) => axes.filter((axis) => value.stored[axis]! > 1);
  if (sameList(stored(value.layout), stored(longAxes))) return value.name;
  const rest = value.layout.filter((axis) => !longAxes.includes(axis));
  return recorder.broadcastOperand(value, value.shape.length, [...rest, ...longAxes]);
}

/** `value` with its axes in another order: axis i of the result is axis perm[i]. Nothing moves. */
export function transpose(recorder: Recorder, value: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => value.shape[axis]!);
  if (isSplat(value)) return splatValue(value.splat, shape, value.type);
  const source = value.kind === 'node' ? value : nodeValue(recorder.operand(value), value.shape, value.type);
  const layout = source.layout.map((axis) => perm.indexOf(axis));
  const stored = perm.map((axis) => source.stored[axis]!);
  return nodeValue(source.name, shape, source.type, layout, stored);
}

/** The shape that Reshape's −1 stands for. */
function completeShape(shape: readonly number[], size: number): number[] {
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  return shape.map((length) => (length === -1 ? size / known : length));
}

const expandDims: Lowering = (recorder, { input }, { dim }) => {
  const axis = normalizeAxis(dim as number, input!.shape.length + 1);
  return reshape(recorder, input!, [...input!.shape.slice(0, axis), 1, ...input!.shape.slice(axis)]);
};

export const shapeLowerings: LoweringTable = {
  Reshape: (recorder, { x }, { shape }) => reshape(recorder, x!, completeShape(shape as number[], sizeOf(x!.shape))),
  ExpandDims: expandDims,
  Transpose: (recorder, { x }, { perm }) => transpose(recorder, x!, perm as number[]),
};
