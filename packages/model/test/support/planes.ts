// Between tensors and the plain network's planes.
import * as tf from '@tensorflow/tfjs';
import type { Planes } from './plain-network.js';

/** The first image of a batch. */
export function toPlanes(image: tf.Tensor4D): Planes {
  const [, height, width, channels] = image.shape;
  const data = Float64Array.from(toChannelFirst(image)).subarray(0, channels * height * width);
  return { channels, height, width, data };
}

/** `[batch, height, width, channels]` as channel-first values. */
export function toChannelFirst(image: tf.Tensor4D): ArrayLike<number> {
  const transposed = tf.transpose(image, [0, 3, 1, 2]);
  const values = transposed.dataSync();
  transposed.dispose();
  return values;
}
