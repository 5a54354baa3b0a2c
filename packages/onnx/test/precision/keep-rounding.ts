// float16 on a provider that has no float16: ONNX Runtime's CPU computes such nodes in float32 and drops the casts between
// them, so that nothing is rounded. Behind an Identity, which it has for every type, each result is rounded as it would be.
import { inferValues } from '../../src/infer/infer-values.js';
import type { GraphNode, OnnxGraph } from '../../src/graph.js';

/** `graph` with an Identity behind every float16 value; run it without graph optimisation, which would remove them. */
export function keepRounding(graph: OnnxGraph): OnnxGraph {
  const infos = inferValues(graph);
  const isHalf = (name: string) => infos.get(name)?.type === 'float16';
  const nodes = graph.nodes.flatMap((node): GraphNode[] => {
    const rounded = node.outputs.filter(isHalf);
    const outputs = node.outputs.map((name) => (isHalf(name) ? `${name}/computed` : name));
    const identities = rounded.map((name): GraphNode => {
      return { op: 'Identity', domain: '', inputs: [`${name}/computed`], outputs: [name], attributes: {} };
    });
    return [{ ...node, outputs }, ...identities];
  });
  return { ...graph, nodes };
}
