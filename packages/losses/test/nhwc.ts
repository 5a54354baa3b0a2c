// Tensors of tests: channel-first data as NHWC, gradients back to channel-first, one-hot classes.
import * as tf from '@tensorflow/tfjs';

/** `[N, C, H, W]` data as an NHWC tensor. */
export function fromChannelFirst(data: ArrayLike<number>, shape: readonly number[]): tf.Tensor4D {
  const host = tf.tensor4d(Float32Array.from(data), shape as [number, number, number, number]);
  return tf.transpose(host, [0, 2, 3, 1]);
}

/** Elements of an NHWC tensor in `[N, C, H, W]` order. */
export function toChannelFirst(x: tf.Tensor): Float32Array {
  return tf.transpose(x, [0, 3, 1, 2]).dataSync<'float32'>();
}

/** Class indices `[N, H, W]` as `[N, H, W, classes]`. */
export function oneHot(indices: ArrayLike<number>, shape: readonly number[], classes: number): tf.Tensor4D {
  const [batch, height, width] = shape as [number, number, number];
  const data = new Float32Array(indices.length * classes);
  for (let i = 0; i < indices.length; i++) data[i * classes + indices[i]!] = 1;
  return tf.tensor4d(data, [batch, height, width, classes]);
}
