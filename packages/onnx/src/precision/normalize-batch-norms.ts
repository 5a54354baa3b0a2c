// Gives batch-norms with known statistics parameters that float16 holds: neither small variances nor 1e-5 are among them.
import { decodeHalfFloats, encodeHalfFloats } from '@hovernet/core';
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { readChannelAffine } from '../quantize/channel-affine.js';
import { GraphIndex, withNodes } from '../quantize/graph-index.js';

/**
 * `graph` with batch-norms whose parameters are constants as slope · (x − mean) + shift with slope = γ/√(variance + ε), which
 * leaves the node a variance of 1 and an ε of 0. The mean is rounded to float16 and the shift makes up for that, so that a
 * mean far from 0 costs no digits.
 */
export function normalizeBatchNorms(graph: OnnxGraph): OnnxGraph {
  const index = new GraphIndex(graph);
  const constants: GraphConstant[] = [...graph.constants];
  const nodes = graph.nodes.map((node) => {
    const parameters = normalizedParameters(node, index);
    if (!parameters) return node;
    const names = Object.entries(parameters).map(([kind, data]) => {
      const name = `${node.outputs[0]!}/${kind}`;
      constants.push({ name, type: 'float32', dims: [data.length], data });
      return name;
    });
    return { ...node, inputs: [node.inputs[0]!, ...names], attributes: { ...node.attributes, epsilon: { float: 0 } } };
  });
  return withNodes(graph, nodes, constants);
}

/** The parameters in the order of the node's inputs; undefined for what is no batch-norm with known statistics. */
function normalizedParameters(node: GraphNode, index: GraphIndex): Readonly<Record<string, Float32Array>> | undefined {
  const affine = readChannelAffine(node, index);
  if (!affine) return undefined;
  const { scale, offset } = affine;
  const mean = index.floatConstant(node.inputs[3])!.data;
  const rounded = decodeHalfFloats(encodeHalfFloats(mean));
  // A mean beyond float16 stays as it is: the node then stays in float32.
  const kept = rounded.map((value, channel) => (Number.isFinite(value) ? value : mean[channel]!));
  return {
    slope: Float32Array.from(scale),
    shift: Float32Array.from(offset, (value, channel) => value + scale[channel]! * kept[channel]!),
    mean: kept,
    variance: new Float32Array(scale.length).fill(1),
  };
}
