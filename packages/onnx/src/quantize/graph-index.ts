// Who writes and who reads each value of a graph.
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';

export type FloatConstant = GraphConstant & { readonly data: Float32Array };

export class GraphIndex {
  readonly constants: ReadonlyMap<string, GraphConstant>;
  private readonly producers = new Map<string, GraphNode>();
  private readonly readers = new Map<string, GraphNode[]>();
  private readonly outputs: ReadonlySet<string>;

  constructor(graph: OnnxGraph) {
    this.constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
    this.outputs = new Set(graph.outputs.map((port) => port.name));
    for (const node of graph.nodes) {
      for (const name of node.outputs) this.producers.set(name, node);
      for (const name of new Set(node.inputs)) this.readers.set(name, [...this.readersOf(name), node]);
    }
  }

  /** The node that computes `name`; undefined for inputs and constants. */
  producerOf(name: string): GraphNode | undefined {
    return this.producers.get(name);
  }

  /** The nodes that read `name`, in the graph's order. */
  readersOf(name: string): readonly GraphNode[] {
    return this.readers.get(name) ?? [];
  }

  isOutput(name: string): boolean {
    return this.outputs.has(name);
  }

  /** The one node that reads `name`; undefined where there are none or several, or where it is an output. */
  onlyReaderOf(name: string): GraphNode | undefined {
    const [reader, another] = this.readersOf(name);
    return another || this.isOutput(name) ? undefined : reader;
  }

  /** The float32 constant called `name`, if it is one. */
  floatConstant(name: string | undefined): FloatConstant | undefined {
    const constant = name === undefined ? undefined : this.constants.get(name);
    return constant?.type === 'float32' ? (constant as FloatConstant) : undefined;
  }
}

/** Whether `node` is ONNX's operation `op`, not one of another domain. */
export function isOperation(node: GraphNode | undefined, op: string): node is GraphNode {
  return node?.op === op && node.domain === '';
}

/** `graph` with other nodes and constants, of which those are kept that a node or an output reads. */
export function withNodes(
  graph: OnnxGraph,
  nodes: readonly GraphNode[],
  constants: readonly GraphConstant[],
): OnnxGraph {
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...graph.outputs.map((port) => port.name)]);
  return { ...graph, nodes, constants: constants.filter(({ name }) => read.has(name)) };
}
