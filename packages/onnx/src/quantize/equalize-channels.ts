// Scales channels so that the codes of a whole value suit each of them, without a change to what the graph computes
// (Nagel et al. 2019, "Data-free quantization through weight equalization and bias correction", section 4.1).
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { ChannelLinks, FIXED } from './channel-links.js';
import { GraphIndex, isOperation, withNodes, type FloatConstant } from './graph-index.js';

/** By name of value: the part of what its codes cover that each channel fills, 0…1. */
export type ChannelParts = ReadonlyMap<string, Float32Array>;

export interface EqualizedGraph {
  readonly graph: OnnxGraph;
  /** What the channels of `value` were multiplied by; undefined where they are as they were. */
  factorsOf(value: string): readonly number[] | undefined;
}

/** Channels that fill less count as if they filled this much: what they hold matters little. */
const SMALLEST_PART = 1 / 256;

/**
 * `graph` in which those channels of a value that only batch-norms read fill all that its codes cover: what writes them
 * multiplies by a factor, the batch-norms divide. Weights lose nothing by it, because a convolution's filters have a scale
 * for each output channel, and a batch-norm has one weight for each channel. Channels that convolutions read stay, since
 * what their values gain in digits the weights of the filters would lose.
 *
 * @param filled of the values that are to be quantised; the others do not count
 */
export function equalizeChannels(graph: OnnxGraph, filled: ChannelParts): EqualizedGraph {
  const index = new GraphIndex(graph);
  const links = new ChannelLinks(graph, index);
  const factors = chooseFactors(links, filled);
  const factorsOf = (name: string) => {
    const sets = links.channelsOf(name);
    return sets?.some((set) => factors.has(set)) ? sets.map((set) => factors.get(set) ?? 1) : undefined;
  };
  const constants: GraphConstant[] = [...graph.constants];
  const nodes = graph.nodes.map((node): GraphNode => {
    const scaled = scaleNode(node, { index, read: factorsOf(node.inputs[0]!), written: factorsOf(node.outputs[0]!) });
    if (!scaled) return node;
    const [first, ...others] = node.inputs;
    const names = others.map((name) => `${name}/${node.outputs[0]!}/equalized`);
    scaled.forEach((constant, i) => constants.push({ ...constant, name: names[i]! }));
    return { ...node, inputs: [first!, ...names] };
  });
  return { graph: withNodes(graph, nodes, constants), factorsOf };
}

/** The factor of each set of linked channels that may change. */
function chooseFactors(links: ChannelLinks, filled: ChannelParts): ReadonlyMap<number, number> {
  const parts = new Map<number, number>();
  for (const [name, channels] of filled) {
    links.channelsOf(name)?.forEach((set, channel) => {
      if (set !== FIXED) parts.set(set, Math.max(parts.get(set) ?? SMALLEST_PART, channels[channel]!));
    });
  }
  return new Map([...parts].map(([set, part]) => [set, 1 / part]));
}

interface NodeFactors {
  readonly index: GraphIndex;
  /** Factors of the channels that the node reads and writes; undefined for values without linked channels. */
  readonly read: readonly number[] | undefined;
  readonly written: readonly number[] | undefined;
}

/** The node's constants with the factors in them; undefined where nothing changes. */
function scaleNode(node: GraphNode, { index, read, written }: NodeFactors): FloatConstant[] | undefined {
  if (!read && !written) return undefined;
  const into = (channel: number) => read?.[channel] ?? 1;
  const outOf = (channel: number) => written?.[channel] ?? 1;
  const constants = node.inputs.slice(1).map((name) => index.floatConstant(name)!);
  if (isOperation(node, 'BatchNormalization')) {
    const [gamma, beta, mean, variance] = constants as [FloatConstant, FloatConstant, FloatConstant, FloatConstant];
    return [
      withData(gamma, (value, channel) => (value * outOf(channel)) / into(channel)),
      withData(beta, (value, channel) => value * outOf(channel)),
      withData(mean, (value, channel) => value * into(channel)),
      variance,
    ];
  }
  if (!isOperation(node, 'Conv')) return undefined;
  const [filter, bias] = constants;
  const taps = filter!.data.length / filter!.dims[0]!;
  const scaled = withData(filter!, (weight, i) => weight * outOf(Math.floor(i / taps)));
  return bias ? [scaled, withData(bias, (value, channel) => value * outOf(channel))] : [scaled];
}

function withData(constant: FloatConstant, change: (value: number, index: number) => number): FloatConstant {
  return { ...constant, data: constant.data.map(change) };
}
