// Gives batch-norms with known statistics parameters that float16 holds: neither small variances nor 1e-5 are among them.
import { decodeHalfFloats, encodeHalfFloats } from '@hovernet/core';
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { readBatchNorm } from './read-batch-norm.js';

/**
 * `graph` with batch-norms whose parameters are constants as slope · (x − mean) + shift with slope = γ/√(variance + ε), which
 * leaves the node a variance of 1 and an ε of 0. The mean is rounded to float16 and the shift makes up for that, so that a
 * mean far from 0 costs no digits.
 */
export function normalizeBatchNorms(graph: OnnxGraph): OnnxGraph {
  const constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
  const nodes = graph.nodes.map((node) => normalize(node, constants));
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...graph.outputs.map(({ name }) => name)]);
  return { ...graph, nodes, constants: [...constants.values()].filter(({ name }) => read.has(name)) };
}

function normalize(node: GraphNode, constants: Map<string, GraphConstant>): GraphNode {
  const scale = readBatchNorm(node, constants);
  if (!scale) return node;
  const { slope, mean, shift } = scale;
  // A mean beyond float16 stays as it is: the node then stays in float32.
  const rounded = decodeHalfFloats(encodeHalfFloats(mean)).map((value, i) =>
    Number.isFinite(value) ? value : mean[i]!,
  );
  const parameters = {
    slope: Float32Array.from(slope),
    shift: shift.map((value, channel) => value + slope[channel]! * (rounded[channel]! - mean[channel]!)),
    mean: rounded,
    variance: new Float32Array(slope.length).fill(1),
  };
  const inputs = Object.entries(parameters).map(([kind, data]) => {
    const name = `${node.outputs[0]!}/${kind}`;
    constants.set(name, { name, type: 'float32', dims: [data.length], data });
    return name;
  });
  return { ...node, inputs: [node.inputs[0]!, ...inputs], attributes: { ...node.attributes, epsilon: { float: 0 } } };
}
