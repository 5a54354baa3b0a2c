// Element types and dimensions of every value of a graph, as ONNX's shape inference finds them.
import type { ElementType, GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { inferRules } from './infer-rules.js';
import { constantNumbers } from './node-facts.js';

/** What is known of a value before the graph runs. */
export interface ValueInfo {
  readonly type: ElementType;
  readonly dims: readonly number[];
}

/** A node with what is known of its inputs. */
export interface InferredNode {
  readonly node: GraphNode;
  /** The info of input `index`, which must be there. */
  input(index: number): ValueInfo;
  /** Elements of input `index`, or undefined where it is missing or no constant. */
  constant(index: number): readonly number[] | undefined;
}

/** Infos of the node's outputs; undefined where they depend on what is not known before the graph runs. */
export type InferRule = (inferred: InferredNode) => readonly ValueInfo[] | undefined;

/**
 * Infos by name of value: inputs, constants and outputs of nodes. What a node without a rule computes, and what depends on
 * it, has none.
 */
export function inferValues(graph: OnnxGraph): ReadonlyMap<string, ValueInfo> {
  const infos = new Map<string, ValueInfo>();
  for (const { name, type, dims } of [...graph.inputs, ...graph.constants]) infos.set(name, { type, dims });
  const constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
  for (const node of graph.nodes) {
    const outputs = inferNode(node, infos, constants);
    node.outputs.forEach((name, index) => {
      const info = outputs?.[index];
      if (name !== '' && info) infos.set(name, info);
    });
  }
  return infos;
}

function inferNode(
  node: GraphNode,
  infos: ReadonlyMap<string, ValueInfo>,
  constants: ReadonlyMap<string, GraphConstant>,
): readonly ValueInfo[] | undefined {
  const rule = node.domain === '' ? inferRules[node.op] : undefined;
  if (!rule || node.inputs.some((name) => name !== '' && !infos.has(name))) return undefined;
  return rule({
    node,
    input: (index) => infos.get(node.inputs[index]!)!,
    constant: (index) => {
      const constant = constants.get(node.inputs[index] ?? '');
      return constant && constantNumbers(constant);
    },
  });
}
