// Host arrays to tensors and back, in the layouts that a program states.
import { ArgumentError, ShapeError } from '@hovernet/core';
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

/** Throws ArgumentError unless `names` are those of `specs`; `operation` opens the message. */
export function assertNames(operation: string, specs: readonly TensorSpec[], names: Iterable<string>): void {
  const wanted = specs.map((spec) => spec.name);
  const given = [...names];
  assertKnownNames(operation, specs, given);
  const missing = wanted.find((name) => !given.includes(name));
  if (missing !== undefined) throw new ArgumentError(`${operation}: expected input ${missing}, got none`);
}

/** Throws ArgumentError unless each of `names` is one of `specs`. */
export function assertKnownNames(operation: string, specs: readonly TensorSpec[], names: Iterable<string>): void {
  const wanted = specs.map((spec) => spec.name);
  for (const name of names) {
    if (!wanted.includes(name))
      throw new ArgumentError(`${operation}: expected inputs ${wanted.join(', ')}, got ${name}`);
  }
}

/** Throws ShapeError unless `data` has the element type and count of `spec`. */
export function assertElements(operation: string, spec: TensorSpec, data: HostData): void {
  const size = spec.shape.reduce((product, length) => product * length, 1);
  const dtype = data instanceof Int32Array ? 'int32' : 'float32';
  if (data.length !== size || dtype !== spec.dtype) {
    throw new ShapeError(
      `${operation}: ${spec.name}`,
      `${size} elements of ${spec.dtype}`,
      `${data.length} of ${dtype}`,
    );
  }
}
