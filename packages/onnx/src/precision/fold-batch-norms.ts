// Batch-norms with known statistics directly behind a convolution become part of its filters and bias.
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { floatConstant, readBatchNorm, type ChannelScale, type FloatConstant } from './read-batch-norm.js';

/**
 * `graph` with those batch-norms in the convolutions before them that alone read their result. Filters, biases and
 * statistics must be constants; what does not fit stays as it is.
 */
export function foldBatchNorms(graph: OnnxGraph): OnnxGraph {
  const constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
  const producers = new Map(graph.nodes.map((node) => [node.outputs[0]!, node]));
  const readers = countReaders(graph);
  const replaced = new Map<GraphNode, GraphNode | undefined>();
  const store = (name: string, data: Float32Array, dims: readonly number[]) => {
    constants.set(name, { name, type: 'float32', dims, data });
    return name;
  };
  for (const node of graph.nodes) {
    const convolution = producers.get(node.inputs[0] ?? '');
    const scale = readBatchNorm(node, constants);
    if (!scale || !convolution || readers.get(node.inputs[0]!) !== 1) continue;
    const filters = readFilters(convolution, constants);
    if (!filters) continue;
    const output = node.outputs[0]!;
    const names = [
      store(`${output}/filter`, scaleFilter(filters.filter.data, scale), filters.filter.dims),
      store(`${output}/bias`, scaleBias(filters.bias?.data, scale), [scale.slope.length]),
    ];
    replaced.set(convolution, { ...convolution, inputs: [convolution.inputs[0]!, ...names], outputs: [output] });
    replaced.set(node, undefined);
  }
  const nodes = graph.nodes.flatMap((node) => (replaced.has(node) ? (replaced.get(node) ?? []) : [node]));
  const read = new Set([...nodes.flatMap((node) => node.inputs), ...graph.outputs.map(({ name }) => name)]);
  return { ...graph, nodes, constants: [...constants.values()].filter(({ name }) => read.has(name)) };
}

function countReaders(graph: OnnxGraph): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const names = [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.map(({ name }) => name)];
  for (const name of names) readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}

interface Filters {
  readonly filter: FloatConstant;
  readonly bias: FloatConstant | undefined;
}

/** The constants of a convolution; undefined for any other node, or where they are no constants. */
function readFilters(node: GraphNode, constants: ReadonlyMap<string, GraphConstant>): Filters | undefined {
  if (node.op !== 'Conv' || node.domain !== '') return undefined;
  const [filter, bias] = node.inputs.slice(1).map((name) => floatConstant(constants, name));
  if (!filter || (node.inputs.length > 2 && !bias)) return undefined;
  return { filter, bias };
}

function scaleFilter(filter: Float32Array, { slope }: ChannelScale): Float32Array {
  const taps = filter.length / slope.length;
  return filter.map((value, i) => value * slope[Math.floor(i / taps)]!);
}

function scaleBias(bias: Float32Array | undefined, { slope, mean, shift }: ChannelScale): Float32Array {
  return shift.map((value, channel) => slope[channel]! * ((bias?.[channel] ?? 0) - mean[channel]!) + value);
}
