// Decides which nodes of a graph work in float16.
import type { GraphNode, OnnxGraph } from '../graph.js';
import type { ValueInfo } from '../infer/value-info.js';
import { classifyNode, takesFloat16, type NodeClass, type ReducedPrecision } from './classify-node.js';
import type { HalfConstants } from './half-constants.js';

export interface PrecisionOptions {
  readonly precision: ReducedPrecision;
  /** Whether inputs and outputs are float16 too. */
  readonly float16Ports: boolean;
}

/** What is known of the graph that is planned. */
export interface PlannedGraph {
  readonly graph: OnnxGraph;
  readonly infos: ReadonlyMap<string, ValueInfo>;
  readonly constants: HalfConstants;
}

/**
 * The nodes that work in float16: those of class `half`, those of class `exact` or `yielding` whose results go to such nodes
 * alone, and those of class `exact` whose operands all come from such nodes. A cast moves fewer bytes there than on the
 * other side of them. A node with a constant that float16 cannot hold stays in float32.
 */
export function planPrecision(planned: PlannedGraph, options: PrecisionOptions): ReadonlySet<GraphNode> {
  const { graph, infos } = planned;
  const classes = new Map(graph.nodes.map((node) => [node, classify(planned, options, node)]));
  const half = new Set<GraphNode>();

  // Backwards: values that float16 nodes alone read.
  const wanted = new Map<string, boolean>();
  const want = (name: string, isHalf: boolean) => wanted.set(name, (wanted.get(name) ?? true) && isHalf);
  for (const { name } of graph.outputs) want(name, options.float16Ports);
  for (const node of [...graph.nodes].reverse()) {
    const outputs = node.outputs.filter((name) => infos.get(name)?.type === 'float32');
    const isWanted = outputs.length > 0 && outputs.every((name) => wanted.get(name) === true);
    const isHalf = classes.get(node) === 'half' || (classes.get(node) !== 'single' && isWanted);
    if (isHalf) half.add(node);
    for (const name of floatOperands(planned, node)) want(name, isHalf);
  }

  // Forwards: exact nodes over what float16 nodes computed.
  const stored = new Set(options.float16Ports ? graph.inputs.map(({ name }) => name) : []);
  for (const node of graph.nodes) {
    if (classes.get(node) === 'exact' && !half.has(node) && isStoredAsHalf(planned, node, stored)) half.add(node);
    if (half.has(node)) for (const name of node.outputs) stored.add(name);
  }
  return half;
}

/** Float operands of a node that it would read as float16 if it works in that. */
export function floatOperands({ infos }: PlannedGraph, node: GraphNode): string[] {
  return node.inputs.filter((name, index) => infos.get(name)?.type === 'float32' && takesFloat16(node, index));
}

function classify(planned: PlannedGraph, { precision }: PrecisionOptions, node: GraphNode): NodeClass {
  const { constants, infos } = planned;
  if (node.op === 'Cast') return infos.get(node.inputs[0]!)?.type === 'bool' ? 'exact' : 'single';
  const known = classifyNode(node, precision, (name) => constants.has(name));
  if (known === 'single') return known;
  const isUnfit = (name: string) => constants.has(name) && constants.fit(name) === 'unfit';
  return floatOperands(planned, node).some(isUnfit) ? 'single' : known;
}

function isStoredAsHalf(planned: PlannedGraph, node: GraphNode, stored: ReadonlySet<string>): boolean {
  const { constants } = planned;
  const operands = floatOperands(planned, node);
  const computed = operands.filter((name) => !constants.has(name));
  const isExact = (name: string) => !constants.has(name) || constants.fit(name) === 'exact';
  return computed.length > 0 && computed.every((name) => stored.has(name)) && operands.every(isExact);
}
