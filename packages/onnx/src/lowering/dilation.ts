// Grey-scale morphological dilation: the largest x + filter of each window, and its gradients.
import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../layout.js';
import { composite, type Composition, type TensorInputs } from './composite.js';
import { findMaximum, giveToWinner } from './pooling-gradients.js';
import type { KernelAttributes, LoweringTable } from './types.js';
import { addTaps, readPlanes, readTaps, type WindowGeometry } from './window.js';

/** Stands for what lies outside: below every sum of a value and a filter element, but finite, as sums of it must be. */
const OUTSIDE = -1e38;

function readGeometry({ x, filter }: TensorInputs, attributes: KernelAttributes): WindowGeometry {
  const { strides, pad, dilations } = attributes as { strides: [number, number]; pad: 'same'; dilations: number };
  const shapes = [x!.shape, filter!.shape] as [[number, number, number, number], [number, number, number]];
  return readPlanes(tf.backend_util.computeDilation2DInfo(...shapes, strides, pad, 'NHWC', dilations));
}

/** x + filter for each tap, float32. */
function readSums({ x, filter }: TensorInputs, geometry: WindowGeometry): tf.Tensor[] {
  const elements = tf.unstack(tf.reshape(tf.cast(filter!, 'float32'), [sizeOf(geometry.kernel), -1]));
  return readTaps(tf.cast(x!, 'float32'), geometry, OUTSIDE).map((tap, index) => tf.add(tap, elements[index]!));
}

const dilation: Composition = (inputs, attributes) =>
  tf.cast(findMaximum(readSums(inputs, readGeometry(inputs, attributes)), 'first').maximum, inputs['x']!.dtype);

/** `dy` for the tap that won each window. */
function shareGradient(inputs: TensorInputs, geometry: WindowGeometry): tf.Tensor[] {
  const { winner } = findMaximum(readSums(inputs, geometry), 'first');
  return giveToWinner(inputs['dy']!, winner, sizeOf(geometry.kernel));
}

const inputGradient: Composition = (inputs, attributes) => {
  const geometry = readGeometry(inputs, attributes);
  return addTaps(shareGradient(inputs, geometry), geometry);
};

const filterGradient: Composition = (inputs, attributes) => {
  const shares = shareGradient(inputs, readGeometry(inputs, attributes));
  return tf.reshape(tf.stack(shares.map((share) => tf.sum(share, [0, 1, 2]))), inputs['filter']!.shape);
};

export const dilationLowerings: LoweringTable = {
  Dilation2D: composite(dilation),
  Dilation2DBackpropInput: composite(inputGradient),
  Dilation2DBackpropFilter: composite(filterGradient),
};
