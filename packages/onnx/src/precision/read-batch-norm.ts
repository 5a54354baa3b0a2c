// What a batch-norm with known statistics does to each channel.
import type { GraphConstant, GraphNode } from '../graph.js';
import { integerAttribute } from '../infer/node-facts.js';

/** y = slope · (x − mean) + shift. */
export interface ChannelScale {
  readonly slope: Float64Array;
  readonly mean: Float32Array;
  readonly shift: Float32Array;
}

export type FloatConstant = GraphConstant & { readonly data: Float32Array };

/** slope = γ/√(variance + ε) and shift = β of a batch-norm whose parameters are constants; undefined for any other node. */
export function readBatchNorm(
  node: GraphNode,
  constants: ReadonlyMap<string, GraphConstant>,
): ChannelScale | undefined {
  if (node.op !== 'BatchNormalization' || node.domain !== '' || integerAttribute(node, 'training_mode', 0) === 1) {
    return undefined;
  }
  const [gamma, shift, mean, variance] = node.inputs.slice(1).map((name) => floatConstant(constants, name)?.data);
  if (!gamma || !shift || !mean || !variance) return undefined;
  const attribute = node.attributes['epsilon'];
  const epsilon = typeof attribute === 'object' && 'float' in attribute ? attribute.float : 1e-5;
  const slope = Float64Array.from(gamma, (value, channel) => value / Math.sqrt(variance[channel]! + epsilon));
  return { slope, mean, shift };
}

/** The float32 constant called `name`, if it is one. */
export function floatConstant(constants: ReadonlyMap<string, GraphConstant>, name: string): FloatConstant | undefined {
  const constant = constants.get(name);
  return constant?.type === 'float32' ? (constant as FloatConstant) : undefined;
}
