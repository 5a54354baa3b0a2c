// Element types and dimensions of every value of a graph, as ONNX's shape inference finds them.
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { inferRules } from './infer-rules.js';
import { constantNumbers } from './node-facts.js';
import type { ValueInfo } from './value-info.js';

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
