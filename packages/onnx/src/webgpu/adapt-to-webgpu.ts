// Rewrites what ONNX Runtime 1.30 computes wrong on WebGPU. The graph stays valid, and the same, for every other provider.
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { inferValues } from '../infer/infer-values.js';
import { adaptConvolution } from './adapt-convolution.js';
import { adaptTransposedConvolution } from './adapt-transposed-convolution.js';
import { NodeWriter } from './node-writer.js';

/**
 * Steeper slopes of HardSigmoid overflow to infinity, of which WGSL says that an implementation may assume that there is
 * none; with this one every number from 1e-30 on is above the step.
 */
const STEEPEST_SLOPE = 1e30;

/**
 * `graph` for the WebGPU provider. Each rule stands for a defect that `test/webgpu/defects.test.ts` shows; where none applies,
 * as in the network at its own width, the nodes are those of `graph`.
 */
export function adaptToWebgpu(graph: OnnxGraph): OnnxGraph {
  const infos = inferValues(graph);
  const constants: GraphConstant[] = [...graph.constants];
  const nodes = graph.nodes.flatMap((node): readonly GraphNode[] => {
    if (node.domain !== '') return [node];
    if (node.op === 'HardSigmoid') return [limitSlope(node)];
    const [x, filter] = [infos.get(node.inputs[0] ?? ''), infos.get(node.inputs[1] ?? '')];
    if (!x || !filter || (node.op !== 'Conv' && node.op !== 'ConvTranspose')) return [node];
    const writer = new NodeWriter(node.outputs[0]!);
    const adapt = node.op === 'Conv' ? adaptConvolution : adaptTransposedConvolution;
    if (!adapt(writer, node, { x: x.dims, filter: filter.dims })) return [node];
    constants.push(...writer.constants);
    return writer.nodes;
  });
  return { ...graph, nodes, constants };
}

function limitSlope(node: GraphNode): GraphNode {
  const { alpha } = node.attributes;
  if (typeof alpha !== 'object' || !('float' in alpha) || alpha.float <= STEEPEST_SLOPE) return node;
  return { ...node, attributes: { ...node.attributes, alpha: { float: STEEPEST_SLOPE } } };
}
