// Batch-norms directly behind a convolution become part of its filter and bias.
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { readChannelAffine, type ChannelAffine } from './channel-affine.js';
import { GraphIndex, isOperation, withNodes, type FloatConstant } from './graph-index.js';

interface FoldedConvolution {
  readonly node: GraphNode;
  readonly constants: readonly GraphConstant[];
}

/**
 * `graph` in which every batch-norm that alone reads the result of a convolution is folded into it. Filters, biases and
 * statistics must be constants; what does not fit stays as it is. Results differ by the rounding of float32.
 */
export function foldBatchNorms(graph: OnnxGraph): OnnxGraph {
  const index = new GraphIndex(graph);
  const nodes = new Map<GraphNode, GraphNode | undefined>();
  const constants: GraphConstant[] = [...graph.constants];
  for (const node of graph.nodes) {
    const convolution = index.producerOf(node.inputs[0]!);
    const affine = readChannelAffine(node, index);
    if (!affine || !convolution || index.onlyReaderOf(node.inputs[0]!) !== node) continue;
    const folded = foldInto(convolution, { affine, output: node.outputs[0]!, index });
    if (!folded) continue;
    nodes.set(convolution, folded.node);
    nodes.set(node, undefined);
    constants.push(...folded.constants);
  }
  const kept = graph.nodes.flatMap((node) => (nodes.has(node) ? (nodes.get(node) ?? []) : [node]));
  return withNodes(graph, kept, constants);
}

/** scale · (filter ∗ x + bias) + offset = (scale · filter) ∗ x + (scale · bias + offset). */
function foldInto(
  convolution: GraphNode,
  { affine, output, index }: { readonly affine: ChannelAffine; readonly output: string; readonly index: GraphIndex },
): FoldedConvolution | undefined {
  const [x, filterName, biasName] = convolution.inputs;
  const filter = index.floatConstant(filterName);
  const bias = biasName ? index.floatConstant(biasName) : undefined;
  if (!isOperation(convolution, 'Conv') || !filter || (biasName && !bias)) return undefined;
  const names = [`${filterName}/${output}`, `${output}/bias`] as const;
  return {
    node: { ...convolution, inputs: [x!, ...names], outputs: [output] },
    constants: [
      { ...filter, name: names[0], data: scaleFilter(filter, affine) },
      { name: names[1], type: 'float32', dims: [affine.scale.length], data: shiftBias(bias?.data, affine) },
    ],
  };
}

function scaleFilter({ data }: FloatConstant, { scale }: ChannelAffine): Float32Array {
  const taps = data.length / scale.length;
  return data.map((value, i) => value * scale[Math.floor(i / taps)]!);
}

function shiftBias(bias: Float32Array | undefined, { scale, offset }: ChannelAffine): Float32Array {
  return Float32Array.from(offset, (value, channel) => value + scale[channel]! * (bias?.[channel] ?? 0));
}
