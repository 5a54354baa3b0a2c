// Watches the calls of a kernel of the cpu backend, as an engine that lowers it would see them.
import * as tf from '@tensorflow/tfjs';

export interface KernelCall {
  readonly inputs: string[];
  readonly attrs: Record<string, unknown>;
}

/** Runs `action` and returns the calls of kernel `kernelName` that it made. */
export function spyOnKernel(kernelName: string, action: () => unknown): KernelCall[] {
  const original = tf.getKernel(kernelName, 'cpu');
  const calls: KernelCall[] = [];
  const replaceWith = (config: tf.KernelConfig) => {
    tf.unregisterKernel(kernelName, 'cpu');
    tf.registerKernel(config);
  };
  replaceWith({
    ...original,
    kernelFunc: (parameters) => {
      calls.push({ inputs: Object.keys(parameters.inputs), attrs: { ...parameters.attrs } });
      return original.kernelFunc(parameters);
    },
  });
  try {
    action();
  } finally {
    replaceWith(original);
  }
  return calls;
}
