// Kernels composed of stock TensorFlow.js operations, so that one definition serves every backend.
import * as tf from '@tensorflow/tfjs';

/** What a composed kernel is: tensors and attributes in, tensors out; its temporaries are disposed by the caller. */
export type ComposedKernel = (inputs: Record<string, tf.Tensor>, attrs: tf.NamedAttrMap) => tf.Tensor | tf.Tensor[];

/** A kernel by name, not yet bound to a backend. */
export interface GenericKernel {
  readonly kernelName: string;
  readonly kernelFunc: tf.KernelFunc;
}

/** Names `compute` and disposes what it leaves behind. */
export function createGenericKernel(kernelName: string, compute: ComposedKernel): GenericKernel {
  return {
    kernelName,
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => compute(inputs as unknown as Record<string, tf.Tensor>, attrs ?? {})),
  };
}

/** Runs a registered kernel of the current backend; its gradient is recorded where one is registered. */
export function runKernel<T extends tf.Tensor | tf.Tensor[]>(
  kernelName: string,
  inputs: Record<string, tf.Tensor>,
  attrs: object,
): T {
  return tf.engine().runKernel<T>(kernelName, inputs, attrs as tf.NamedAttrMap);
}
