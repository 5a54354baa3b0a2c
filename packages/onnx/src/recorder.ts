// Turns values into names of graph values in the layout that a node needs; the common ground of all lowerings.
import { GraphBuilder, type Attribute, type ElementType } from './graph.js';
import {
  broadcastShapes,
  identityLayout,
  permuteElements,
  sameList,
  sizeOf,
  toPhysical,
  type Layout,
} from './layout.js';
import {
  isSplat,
  knownData,
  nodeValue,
  type ConstantValue,
  type NodeValue,
  type TracedType,
  type Value,
} from './value.js';

/** ONNX code of each traced type, for Cast's `to`. */
export const CAST_CODES: Record<TracedType, number> = { float32: 1, int32: 6, bool: 9 };

export class Recorder {
  readonly graph = new GraphBuilder();
  /** Output of ReLU by its input, from which ReLU's gradient reads the sign. Views of one tensor share a name, not a value. */
  readonly reluOutputs = new Map<NodeValue, NodeValue>();
  /** Names of what Pad nodes compute, which pooling must not read directly. */
  readonly padOutputs = new Set<string>();

  /** Name of `value` with every element stored, in `layout`. */
  operand(value: Value, layout: Layout = layoutOf(value)): string {
    if (value.kind === 'constant') return this.constant(value, layout);
    const name = this.arrange(value, layout);
    if (sameList(value.stored, value.shape)) return name;
    return this.graph.emit('Expand', [name, this.graph.integers(toPhysical(value.shape, layout))]);
  }

  /** Name of `value` as one operand of a broadcasting node of the given rank: axes of equal elements stay short. */
  broadcastOperand(value: Value, rank: number, layout: Layout): string {
    const missing = rank - value.shape.length;
    if (value.kind === 'constant') {
      if (isSplat(value)) return this.splat(value, rank);
      return this.constant({ ...value, shape: [...new Array<number>(missing).fill(1), ...value.shape] }, layout);
    }
    // Single elements need no axes to broadcast.
    if (missing > 0 && value.layout.length <= 1 && sizeOf(value.stored) === 1) return value.name;
    return this.arrange(this.lift(value, rank), layout);
  }

  /** `value` with axes of length 1 in front, up to `rank`. */
  lift(value: NodeValue, rank: number): NodeValue {
    const missing = rank - value.shape.length;
    if (missing === 0) return value;
    const ones = new Array<number>(missing).fill(1);
    const layout = [...identityLayout(missing), ...value.layout.map((axis) => axis + missing)];
    const stored = [...ones, ...value.stored];
    const name = this.reshape(value.name, toPhysical(stored, layout));
    return nodeValue(name, [...ones, ...value.shape], value.type, layout, stored);
  }

  /** A broadcasting node over `values`, in the layout of its largest operand. */
  elementwise(
    op: string,
    values: readonly Value[],
    type: TracedType = 'float32',
    attributes: Record<string, Attribute> = {},
  ): NodeValue {
    const shape = broadcastShapes(...values.map((value) => value.shape));
    const layout = this.dominantLayout(values, shape.length);
    const operands = values.map((value) => this.broadcastOperand(value, shape.length, layout));
    if (!values.some((value) => this.hasRank(value, shape.length))) {
      operands[0] = this.reshape(operands[0]!, new Array<number>(shape.length).fill(1));
    }
    const storedShapes = values.map((value) => {
      const stored = value.kind === 'node' ? value.stored : isSplat(value) ? [] : value.shape;
      return [...new Array<number>(shape.length - stored.length).fill(1), ...stored];
    });
    const name = this.graph.emit(op, operands, attributes);
    return nodeValue(name, shape, type, layout, broadcastShapes(...storedShapes));
  }

  /** Whether {@link broadcastOperand} gives `value` that rank; it leaves single elements short. */
  private hasRank(value: Value, rank: number): boolean {
    if (rank === 0) return true;
    return value.kind === 'node' ? value.shape.length === rank || sizeOf(value.stored) > 1 : !isSplat(value);
  }

  /** Layout of the largest node value of full rank; C order if there is none. */
  dominantLayout(values: readonly Value[], rank: number): Layout {
    let largest: NodeValue | undefined;
    for (const value of values) {
      if (value.kind !== 'node' || value.shape.length !== rank) continue;
      if (!largest || sizeOf(value.stored) > sizeOf(largest.stored)) largest = value;
    }
    return largest?.layout ?? identityLayout(rank);
  }

  /** Names of the shape `dims` as an input of Reshape. */
  reshape(name: string, dims: readonly number[]): string {
    return this.graph.emit('Reshape', [name, this.graph.integers(dims)]);
  }

  /** The stored elements of `value` in `layout`; a pure reshape where only axes of length 1 move. */
  private arrange(value: NodeValue, layout: Layout): string {
    if (sameList(value.layout, layout)) return value.name;
    const long = (order: Layout) => order.filter((axis) => value.stored[axis]! > 1);
    if (sameList(long(value.layout), long(layout))) return this.reshape(value.name, toPhysical(value.stored, layout));
    return this.graph.emit('Transpose', [value.name], { perm: layout.map((axis) => value.layout.indexOf(axis)) });
  }

  private splat(value: ConstantValue & { readonly splat: number }, rank: number): string {
    const data = knownData({ ...value, shape: [], data: undefined });
    return this.graph.constant(data, rank === 0 ? [] : [1], value.type);
  }

  private constant(value: ConstantValue, layout: Layout): string {
    const data = knownData(value);
    const arranged = isSplat(value) ? data : permuteElements(data, value.shape, layout);
    return this.graph.constant(arranged, toPhysical(value.shape, layout), value.type as ElementType);
  }
}

/** Layout in which `value` lies; constants lie in C order. */
export function layoutOf(value: Value): Layout {
  return value.kind === 'node' ? value.layout : identityLayout(value.shape.length);
}
