// Gradients of pooling, and the places of maxima. A gradient goes to one tap of each window or to all of them alike.
import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../layout.js';
import { createMatrix, mapAxis } from './axis-map.js';
import { composite, type Composition } from './composite.js';
import type { LoweringTable } from './types.js';
import { addTaps, readPoolGeometry, readTaps, tapOffsets, type WindowGeometry } from './window.js';

/** For each window the number of the tap that has its largest element: of equal ones the first, or the last. */
export function findMaximum(
  taps: readonly tf.Tensor[],
  tie: 'first' | 'last',
): { winner: tf.Tensor; maximum: tf.Tensor } {
  const isBetter = tie === 'first' ? tf.greater : tf.greaterEqual;
  let [maximum] = taps as [tf.Tensor];
  let winner: tf.Tensor = tf.zeros(maximum.shape, 'int32');
  taps.slice(1).forEach((tap, index) => {
    winner = tf.where(isBetter(tap, maximum), tf.scalar(index + 1, 'int32'), winner);
    maximum = tf.maximum(tap, maximum);
  });
  return { winner, maximum };
}

/** `dy` for the tap that won, zeros for the others, one tensor for each tap. */
export function giveToWinner(dy: tf.Tensor, winner: tf.Tensor, taps: number): tf.Tensor[] {
  return Array.from({ length: taps }, (_, tap) =>
    tf.where(tf.equal(winner, tf.scalar(tap, 'int32')), dy, tf.scalar(0)),
  );
}

/** tfjs-cpu gives the gradient to the first of equal elements in a plane, to the last in a volume. */
function maxPoolGradient(tie: 'first' | 'last'): Composition {
  return ({ dy, input }, attributes) => {
    const geometry = readPoolGeometry(input!.shape, attributes);
    const { winner } = findMaximum(readTaps(input!, geometry, -Infinity), tie);
    return addTaps(giveToWinner(dy!, winner, sizeOf(geometry.kernel)), geometry);
  };
}

/** dy over the number of a window's elements, padding included, as TensorFlow.js has it, for every element of the window. */
const avgPoolGradient: Composition = ({ dy, input }, attributes) => {
  const geometry = readPoolGeometry(input!.shape, attributes);
  return geometry.kernel.reduce<tf.Tensor>(
    (gradient, _, axis) => mapAxis(gradient, axis + 1, spreadingMatrix(geometry, axis)),
    dy!,
  );
};

/** The share that each input element has in the mean of each window, `[input, windows]`. */
function spreadingMatrix(geometry: WindowGeometry, axis: number): tf.Tensor2D {
  const { inputSize, outputSize, kernel, strides, begin } = geometry;
  const share = 1 / kernel[axis]!;
  const windows = createMatrix([outputSize[axis]!, inputSize[axis]!], (window) => {
    const from = window * strides[axis]! - begin[axis]!;
    return Array.from({ length: kernel[axis]! }, (_, tap) => [from + tap, share] as const).filter(
      ([element]) => element >= 0 && element < inputSize[axis]!,
    );
  });
  return tf.transpose(windows);
}

/** Maxima and where they are: index into an image [height, width, channels], or into the batch of them. */
const maxPoolWithArgmax: Composition = ({ x }, attributes) => {
  const geometry = readPoolGeometry(x!.shape, attributes);
  const [batch, , width, channels] = x!.shape as [number, number, number, number];
  const { inputSize, outputSize, strides, begin } = geometry;
  const fill = x!.dtype === 'float32' ? -Infinity : -(2 ** 31);
  const { winner, maximum } = findMaximum(readTaps(x!, geometry, fill), 'first');
  const integers = (length: number) => tf.range(0, length, 1, 'int32');
  const scaled = (values: tf.Tensor, factor: number) => tf.mul(values, tf.scalar(factor, 'int32'));
  const starts = outputSize.map((size, axis) =>
    tf.sub(scaled(integers(size), strides[axis]!), tf.scalar(begin[axis]!, 'int32')),
  );
  const offsets = tapOffsets(geometry).map(([row, column]) => (row! * width + column!) * channels);
  const places = [
    tf.reshape(scaled(starts[0]!, width * channels), [1, -1, 1, 1]),
    tf.reshape(scaled(starts[1]!, channels), [1, 1, -1, 1]),
    tf.reshape(integers(channels), [1, 1, 1, -1]),
    tf.gather(tf.tensor1d(offsets, 'int32'), winner),
  ];
  if (attributes['includeBatchInIndex'] === true) {
    places.push(tf.reshape(scaled(integers(batch), sizeOf(inputSize) * channels), [-1, 1, 1, 1]));
  }
  return [maximum, places.reduce((sum, part) => tf.add(sum, part))];
};

export const poolingGradientLowerings: LoweringTable = {
  MaxPoolGrad: composite(maxPoolGradient('first')),
  MaxPool3DGrad: composite(maxPoolGradient('last')),
  MaxPoolWithArgmax: composite(maxPoolWithArgmax),
  AvgPoolGrad: composite(avgPoolGradient),
  AvgPool3DGrad: composite(avgPoolGradient),
};
