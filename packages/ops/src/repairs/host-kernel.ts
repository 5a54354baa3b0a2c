// Kernels computed on the host, for backends whose tensors can be read synchronously (cpu, wasm).
import * as tf from '@tensorflow/tfjs';

/** A float32 tensor on the host, C order. */
export interface HostTensor {
  readonly shape: number[];
  readonly data: Float32Array;
}

/** Binds `compute`, from the inputs by name and the attributes to the one output, to a backend. */
export function createHostKernel(
  kernelName: string,
  backendName: 'cpu' | 'wasm',
  compute: (inputs: Record<string, HostTensor>, attrs: tf.NamedAttrMap) => HostTensor,
): tf.KernelConfig {
  return {
    kernelName,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { readSync } = backend as { readSync(dataId: object): Float32Array };
      const read = (info: tf.TensorInfo): HostTensor => ({
        shape: info.shape,
        data: readSync.call(backend, info.dataId),
      });
      const entries = Object.entries(inputs).map(([name, info]) => [name, read(info as tf.TensorInfo)]);
      const { shape, data } = compute(Object.fromEntries(entries) as Record<string, HostTensor>, attrs ?? {});
      return tf.tensor(data, shape, 'float32');
    },
  };
}
