// Host arrays to tensors and back, in the layouts that a program states.
import * as tf from '@tensorflow/tfjs';
import { toHostShape, type HostArray, type HostData, type TensorSpec } from './program.js';

/** The tensor of `spec` over host-order `data`. It may share memory with `data`. */
export function uploadTensor(spec: TensorSpec, data: HostData): tf.Tensor {
  return tf.tidy(() => {
    const host = tf.tensor(data, toHostShape(spec.shape, spec.layout), spec.dtype);
    const { layout } = spec;
    if (!layout) return host;
    return tf.transpose(
      host,
      layout.map((_, axis) => layout.indexOf(axis)),
    );
  });
}

/**
 * Elements of a tensor in its own order, copied: on some backends `data()` is the tensor's memory, even a feed's. Some also
 * keep the bytes of a boolean that was cast to int32.
 */
export async function downloadTensor(tensor: tf.Tensor): Promise<HostArray> {
  const data = await tensor.data();
  return { data: data instanceof Float32Array ? data.slice() : Int32Array.from(data), shape: tensor.shape };
}
