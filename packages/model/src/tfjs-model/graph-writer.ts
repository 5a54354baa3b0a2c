// Collects the nodes of a TensorFlow graph and the integers that they refer to.
import { float, graphShape, int32, type GraphAttribute, type GraphDtype, type GraphNode } from './graph-def.js';

/** A constant of the graph itself, such as an axis or the corner of a crop: a vector, or a scalar with an empty shape. */
export interface GraphInteger {
  readonly shape: readonly number[];
  readonly data: Int32Array;
}

/** What the names of the graph's own constants begin with; no tensor of a state dict is called so. */
export const integerPrefix = 'integers/';

/** A node to be: its name, and where its values come from. */
export interface NodePlace {
  readonly name: string;
  readonly input: readonly string[];
}

export class GraphWriter {
  readonly nodes: GraphNode[] = [];
  /** By name; equal ones are shared. */
  readonly integers = new Map<string, GraphInteger>();
  private readonly counts = new Map<string, number>();

  /** Adds a node and gives its first output. */
  add(op: string, { name, input }: NodePlace, attr: Readonly<Record<string, GraphAttribute>> = {}): string {
    this.nodes.push({ name, op, input, attr: { T: float, ...attr } });
    return name;
  }

  /** The float32 image that the graph is given; −1 stands for any size. */
  placeholder(name: string, shape: readonly number[]): string {
    this.nodes.push({ name, op: 'Placeholder', attr: { dtype: float, shape: { shape: graphShape(shape) } } });
    return name;
  }

  /** The float32 tensor that the model's weights have under this name. */
  weight(name: string, shape: readonly number[]): string {
    this.addConstant(name, 'DT_FLOAT', shape);
    return name;
  }

  /** A list of integers, or one. */
  integer(value: number | readonly number[]): string {
    const values = typeof value === 'number' ? [value] : value;
    const shape = typeof value === 'number' ? [] : [values.length];
    const name = `${integerPrefix}${shape.length === 0 ? 'scalar' : 'vector'}_${values.join('_')}`;
    if (!this.integers.has(name)) {
      this.integers.set(name, { shape, data: Int32Array.from(values) });
      this.addConstant(name, 'DT_INT32', shape);
    }
    return name;
  }

  /** `crop_1`, `crop_2`, … for nodes that have no name in the state dict. */
  number(kind: string): string {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    return `${kind}_${count}`;
  }

  private addConstant(name: string, dtype: GraphDtype, shape: readonly number[]): void {
    const value = { tensor: { dtype, tensorShape: graphShape(shape) } };
    this.nodes.push({ name, op: 'Const', attr: { dtype: dtype === 'DT_INT32' ? int32 : float, value } });
  }
}
