// Writes the nodes that take the place of one: their values are named after its output, so that names stay unique.
import type { Attribute, GraphConstant, GraphNode } from '../graph.js';

export class NodeWriter {
  readonly nodes: GraphNode[] = [];
  readonly constants: GraphConstant[] = [];
  private counter = 0;

  constructor(private readonly output: string) {}

  /** Adds a node with one output and returns its name: `output`, or a new one. */
  emit(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = this.newName(),
  ): string {
    this.nodes.push({ op, domain: '', inputs, outputs: [output], attributes });
    return output;
  }

  /** Cuts `value` along `axis` into pieces of equal length. */
  split(value: string, axis: number, pieces: { readonly count: number; readonly length: number }): string[] {
    const { count, length } = pieces;
    const outputs = Array.from({ length: count }, () => this.newName());
    const lengths = this.integers(new Array<number>(count).fill(length));
    this.nodes.push({ op: 'Split', domain: '', inputs: [value, lengths], outputs, attributes: { axis } });
    return outputs;
  }

  /** Puts `values` side by side along `axis` as the output of the node that is replaced. */
  joinAsOutput(values: readonly string[], axis: number): void {
    this.emit('Concat', values, { axis }, this.output);
  }

  /** The name of the output of the node that is replaced. */
  get outputName(): string {
    return this.output;
  }

  /** A constant vector of integers. */
  integers(values: readonly number[]): string {
    const name = this.newName();
    this.constants.push({ name, type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) });
    return name;
  }

  private newName(): string {
    return `${this.output}/webgpu${this.counter++}`;
  }
}
