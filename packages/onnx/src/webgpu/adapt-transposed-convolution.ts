// Transposed convolutions that the WebGPU provider of ONNX Runtime 1.30 computes wrong: groups of several channels that give
// one channel each are taken for groups of one channel. Each group becomes a node of its own.
import type { GraphNode } from '../graph.js';
import { integerAttribute } from '../infer/node-facts.js';
import type { ConvolutionDims } from './adapt-convolution.js';
import type { NodeWriter } from './node-writer.js';

/** Whether `node`, whose filter is `[channels, out channels / groups, …]`, needed it; then `writer` holds its substitute. */
export function adaptTransposedConvolution(writer: NodeWriter, node: GraphNode, dims: ConvolutionDims): boolean {
  const groups = integerAttribute(node, 'group', 1);
  const channels = dims.x[1]! / groups;
  const outChannels = dims.filter[1]!;
  if (groups === 1 || channels === 1 || outChannels > 1) return false;
  const [x, filter, bias] = node.inputs as [string, string, string | undefined];
  const inputs = writer.split(x, 1, { count: groups, length: channels });
  const filters = writer.split(filter, 0, { count: groups, length: channels });
  const biases = bias ? writer.split(bias, 0, { count: groups, length: outChannels }) : [];
  const attributes = { ...node.attributes, group: 1 };
  const results = inputs.map((input, group) => {
    const own = [input, filters[group]!, ...biases.slice(group, group + 1)];
    return writer.emit('ConvTranspose', own, attributes);
  });
  writer.joinAsOutput(results, 1);
  return true;
}
