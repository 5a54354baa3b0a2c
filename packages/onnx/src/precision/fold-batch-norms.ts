// Prepares batch-norms with known statistics for float16, which holds neither small variances nor 1e-5.
import { decodeHalfFloats, encodeHalfFloats } from '@hovernet/core';
import type { GraphConstant, GraphNode, OnnxGraph } from '../graph.js';
import { integerAttribute } from '../infer/node-facts.js';

/** y = slope · (x − mean) + shift for each channel. */
interface ChannelScale {
  readonly slope: Float32Array;
  readonly mean: Float32Array;
  readonly shift: Float32Array;
}

/**
 * `graph` with those batch-norms whose parameters are constants in a form that keeps its digits in float16. Directly behind
 * a convolution with constant filters whose result nothing else reads, it goes into the filters and the bias. Elsewhere it
 * becomes slope · (x − mean) + shift with slope = γ/√(variance + ε), which leaves the node a variance of 1 and an ε of 0;
 * the mean is rounded to float16 and the shift makes up for that, so that a mean far from 0 costs no digits.
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
    const scale = readScale(node, constants);
    if (!scale) continue;
    const output = node.outputs[0]!;
    const convolution = producers.get(node.inputs[0]!);
    const filters = convolution && readers.get(node.inputs[0]!) === 1 ? readFilters(convolution, constants) : undefined;
    if (convolution && filters) {
      const { filter, bias } = scaleFilters(filters, scale);
      const inputs = [
        convolution.inputs[0]!,
        store(`${output}/filter`, filter, filters.filter.dims),
        store(`${output}/bias`, bias, [bias.length]),
      ];
      replaced.set(convolution, { ...convolution, inputs, outputs: [output] });
      replaced.set(node, undefined);
      // A second batch-norm directly behind this one is left to the other form.
      continue;
    }
    const channels = [scale.slope.length];
    const inputs = [
      node.inputs[0]!,
      store(`${output}/slope`, scale.slope, channels),
      store(`${output}/shift`, scale.shift, channels),
      store(`${output}/mean`, scale.mean, channels),
      store(`${output}/variance`, new Float32Array(scale.slope.length).fill(1), channels),
    ];
    replaced.set(node, { ...node, inputs, attributes: { ...node.attributes, epsilon: { float: 0 } } });
  }
  const nodes = graph.nodes.flatMap((node) => (replaced.has(node) ? (replaced.get(node) ?? []) : [node]));
  const read = new Set(nodes.flatMap((node) => node.inputs));
  return { ...graph, nodes, constants: [...constants.values()].filter(({ name }) => read.has(name)) };
}

function countReaders(graph: OnnxGraph): ReadonlyMap<string, number> {
  const readers = new Map<string, number>();
  const names = [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.map(({ name }) => name)];
  for (const name of names) readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}

/** What a batch-norm with constant parameters does; undefined for any other node. */
function readScale(node: GraphNode, constants: ReadonlyMap<string, GraphConstant>): ChannelScale | undefined {
  if (node.op !== 'BatchNormalization' || node.domain !== '' || integerAttribute(node, 'training_mode', 0) === 1) {
    return undefined;
  }
  const parameters = node.inputs.slice(1).map((name) => floatConstant(constants, name)?.data);
  if (!parameters.every((data) => data !== undefined)) return undefined;
  const [gamma, beta, mean, variance] = parameters as [Float32Array, Float32Array, Float32Array, Float32Array];
  const attribute = node.attributes['epsilon'];
  const epsilon = typeof attribute === 'object' && 'float' in attribute ? attribute.float : 1e-5;
  const slope = gamma.map((value, channel) => value / Math.sqrt(variance[channel]! + epsilon));
  // A mean beyond float16 stays as it is: the node then stays in float32.
  const rounded = decodeHalfFloats(encodeHalfFloats(mean)).map((value, i) =>
    Number.isFinite(value) ? value : mean[i]!,
  );
  const shift = beta.map((value, channel) => value + slope[channel]! * (rounded[channel]! - mean[channel]!));
  return { slope, mean: rounded, shift };
}

interface Filters {
  readonly filter: FloatConstant;
  readonly bias: Float32Array | undefined;
}

type FloatConstant = GraphConstant & { readonly data: Float32Array };

/** The constants of a convolution; undefined for any other node, or where they are no constants. */
function readFilters(node: GraphNode, constants: ReadonlyMap<string, GraphConstant>): Filters | undefined {
  if (node.op !== 'Conv' || node.domain !== '') return undefined;
  const [filter, bias] = node.inputs.slice(1).map((name) => floatConstant(constants, name));
  if (!filter || (node.inputs.length > 2 && !bias)) return undefined;
  return { filter, bias: bias?.data };
}

/** The filters and the bias that give slope · (convolution − mean) + shift. */
function scaleFilters(
  { filter, bias }: Filters,
  { slope, mean, shift }: ChannelScale,
): { filter: Float32Array; bias: Float32Array } {
  const taps = filter.data.length / slope.length;
  return {
    filter: filter.data.map((value, i) => value * slope[Math.floor(i / taps)]!),
    bias: slope.map((factor, channel) => factor * ((bias?.[channel] ?? 0) - mean[channel]!) + shift[channel]!),
  };
}

function floatConstant(constants: ReadonlyMap<string, GraphConstant>, name: string): FloatConstant | undefined {
  const constant = constants.get(name);
  return constant?.type === 'float32' ? (constant as FloatConstant) : undefined;
}
