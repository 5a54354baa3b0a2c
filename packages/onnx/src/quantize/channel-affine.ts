// What a batch-norm with known statistics does to each channel: scale · x + offset.
import type { GraphNode } from '../graph.js';
import { isOperation, type GraphIndex } from './graph-index.js';

export interface ChannelAffine {
  readonly scale: Float64Array;
  readonly offset: Float64Array;
}

/** ONNX's default. */
const EPSILON = 1e-5;

/**
 * scale = γ/√(variance + ε) and offset = β − mean · scale of a BatchNormalization whose parameters are constants;
 * undefined for any other node.
 */
export function readChannelAffine(node: GraphNode, index: GraphIndex): ChannelAffine | undefined {
  if (!isOperation(node, 'BatchNormalization') || node.attributes['training_mode'] === 1) return undefined;
  const [gamma, beta, mean, variance] = node.inputs.slice(1).map((name) => index.floatConstant(name)?.data);
  if (!gamma || !beta || !mean || !variance) return undefined;
  const attribute = node.attributes['epsilon'];
  const epsilon = typeof attribute === 'object' && 'float' in attribute ? attribute.float : EPSILON;
  const scale = Float64Array.from(gamma, (value, channel) => value / Math.sqrt(variance[channel]! + epsilon));
  return { scale, offset: Float64Array.from(beta, (value, channel) => value - mean[channel]! * scale[channel]!) };
}
