// Local response normalisation across channels (Krizhevsky et al. 2012), and its gradient.
import * as tf from '@tensorflow/tfjs';
import { NCHW } from '../layout.js';
import { nodeValue } from '../value.js';
import { createMatrix, mapAxis } from './axis-map.js';
import { composite, type Composition } from './composite.js';
import { cast } from './elementwise.js';
import type { KernelAttributes, Lowering, LoweringTable } from './types.js';

interface LrnAttributes {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

const readAttributes = (attributes: KernelAttributes) => attributes as unknown as LrnAttributes;

/** y = x · (bias + alpha · Σ x²)^−beta over 2·radius + 1 channels; ONNX divides alpha by that number. */
const lrn: Lowering = (recorder, { x }, attributes) => {
  const { depthRadius, bias, alpha, beta } = readAttributes(attributes);
  const size = 2 * depthRadius + 1;
  const name = recorder.graph.emit('LRN', [recorder.operand(cast(recorder, x!, 'float32'), NCHW)], {
    size,
    alpha: { float: alpha * size },
    beta: { float: beta },
    bias: { float: bias },
  });
  return cast(recorder, nodeValue(name, x!.shape, 'float32', NCHW), x!.type);
};

/** dx = dy · s^−beta − 2·alpha·beta · x · Σ (dy · y / s), where s = bias + alpha · Σ x². */
const lrnGradient: Composition = ({ x, y, dy }, attributes) => {
  const { depthRadius, bias, alpha, beta } = readAttributes(attributes);
  const channels = x!.shape[3]!;
  const band = createMatrix([channels, channels], (row) =>
    Array.from({ length: 2 * depthRadius + 1 }, (_, offset) => [row - depthRadius + offset, 1] as const).filter(
      ([channel]) => channel >= 0 && channel < channels,
    ),
  );
  const sumNeighbours = (value: tf.Tensor) => mapAxis(value, 3, band);
  const scale = tf.add(tf.mul(sumNeighbours(tf.square(x!)), alpha), bias);
  const own = tf.mul(dy!, tf.pow(scale, -beta));
  const others = tf.mul(x!, sumNeighbours(tf.div(tf.mul(dy!, y!), scale)));
  return tf.sub(own, tf.mul(others, 2 * alpha * beta));
};

export const normalizationLowerings: LoweringTable = { LRN: lrn, LRNGrad: composite(lrnGradient) };
