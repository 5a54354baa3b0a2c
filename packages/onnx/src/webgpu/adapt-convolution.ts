// Convolutions that the WebGPU provider of ONNX Runtime 1.30 computes wrong, as ones that it computes right.
import type { GraphNode } from '../graph.js';
import { integerAttribute, integersAttribute } from '../infer/node-facts.js';
import type { NodeWriter } from './node-writer.js';

/** Dimensions of the first two inputs. */
export interface ConvolutionDims {
  /** `[batch, channels, …]` */
  readonly x: readonly number[];
  /** `[out channels, channels / groups, …]` of Conv. */
  readonly filter: readonly number[];
}

/** What is convolved: names of values, and how many channels. */
interface Operands {
  readonly x: string;
  readonly filter: string;
  readonly bias: string | undefined;
  readonly channels: number;
  readonly outChannels: number;
}

/** Whether `node` needed it; then `writer` holds what takes its place. */
export function adaptConvolution(writer: NodeWriter, node: GraphNode, dims: ConvolutionDims): boolean {
  const groups = integerAttribute(node, 'group', 1);
  const [x, filter, bias] = node.inputs as [string, string, string | undefined];
  const [channels, outChannels] = [dims.x[1]!, dims.filter[0]!];
  const whole: Operands = { x, filter, bias: bias || undefined, channels, outChannels };
  if (groups > 1) {
    if (!vectorsStraddleGroups(outChannels, groups)) return false;
    const parts = splitGroups(writer, whole, groups);
    const alone = { ...node, attributes: { ...node.attributes, group: 1 } };
    const rank = dims.x.length;
    writer.joinAsOutput(
      parts.map((part) =>
        misreadsTriples(alone, part, rank) ? convolvePadded(writer, alone, part, rank) : convolve(writer, alone, part),
      ),
      1,
    );
    return true;
  }
  if (!misreadsTriples(node, whole, dims.x.length)) return false;
  convolvePadded(writer, node, whole, dims.x.length, writer.outputName);
  return true;
}

/**
 * Grouped convolutions write output channels in vectors of 4 or 2, chosen by the number of all of them; where the channels
 * of one group are no multiple of that, a vector lies in two groups and takes the inputs of the first.
 */
function vectorsStraddleGroups(outChannels: number, groups: number): boolean {
  const perGroup = outChannels / groups;
  const vector = outChannels % 4 === 0 ? 4 : outChannels % 2 === 0 ? 2 : 1;
  return perGroup >= 4 && perGroup % vector !== 0;
}

/** Channels that are a multiple of 3 and not of 4 are read in vectors of 3, which goes wrong for more than 3 of them. */
function misreadsTriples(node: GraphNode, { channels, outChannels }: Operands, rank: number): boolean {
  const isPointwise =
    integersAttribute(node, 'kernel_shape', []).every((length) => length === 1) &&
    integersAttribute(node, 'strides', []).every((stride) => stride === 1) &&
    integersAttribute(node, 'pads', []).every((amount) => amount === 0);
  return rank <= 4 && !isPointwise && channels > 3 && channels % 3 === 0 && channels % 4 !== 0 && outChannels % 4 === 0;
}

function splitGroups(writer: NodeWriter, operands: Operands, groups: number): Operands[] {
  const { x, filter, bias } = operands;
  const [channels, outChannels] = [operands.channels / groups, operands.outChannels / groups];
  const inputs = writer.split(x, 1, { count: groups, length: channels });
  const outputs = { count: groups, length: outChannels };
  const filters = writer.split(filter, 0, outputs);
  const biases = bias === undefined ? [] : writer.split(bias, 0, outputs);
  return inputs.map((input, group) => {
    return { x: input, filter: filters[group]!, bias: biases[group], channels, outChannels };
  });
}

/** With channels of zeros added up to a multiple of 4. */
function convolvePadded(
  writer: NodeWriter,
  node: GraphNode,
  operands: Operands,
  rank: number,
  output?: string,
): string {
  const added = 4 - (operands.channels % 4);
  const before = new Array<number>(rank).fill(0);
  const after = before.map((_, axis) => (axis === 1 ? added : 0));
  const pads = writer.integers([...before, ...after]);
  const pad = (value: string) => writer.emit('Pad', [value, pads]);
  return convolve(writer, node, { ...operands, x: pad(operands.x), filter: pad(operands.filter) }, output);
}

function convolve(writer: NodeWriter, node: GraphNode, { x, filter, bias }: Operands, output?: string): string {
  return writer.emit('Conv', bias === undefined ? [x, filter] : [x, filter, bias], node.attributes, output);
}
