// The kernels of TensorFlow.js as it brings them. To be imported before this package's sources, which repair them.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

const stockKernels = new Map(
  ['cpu', 'wasm'].flatMap((backend) =>
    tf.getKernelsForBackend(backend).map((kernel) => [`${kernel.kernelName} ${backend}`, kernel] as const),
  ),
);

/** Whether TensorFlow.js has the kernel. */
export function hasStockKernel(kernelName: string, backendName: 'cpu' | 'wasm'): boolean {
  return stockKernels.has(`${kernelName} ${backendName}`);
}

/** Runs the kernel that TensorFlow.js brings for the current backend. */
export function runStockKernel(kernelName: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor {
  const kernel = stockKernels.get(`${kernelName} ${tf.getBackend()}`)!;
  const backend = tf.backend();
  kernel.setupFunc?.(backend);
  const output = kernel.kernelFunc({ inputs, backend, attrs: attrs as tf.NamedAttrMap });
  return tf.engine().makeTensorFromTensorInfo(output as tf.TensorInfo);
}

/** Runs the kernel that is registered now, on `backend`, with copies of `inputs`, and returns its elements. */
export async function runRegistered(
  backend: 'cpu' | 'wasm',
  kernelName: string,
  inputs: Record<string, tf.Tensor>,
  attrs: object,
): Promise<{ readonly shape: number[]; readonly data: Float32Array }> {
  const host = Object.entries(inputs).map(([name, tensor]) => [name, tensor.dataSync(), tensor.shape] as const);
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const own = Object.fromEntries(host.map(([name, data, shape]) => [name, tf.tensor(data, shape)]));
    const output = tf.engine().runKernel<tf.Tensor>(kernelName, own, attrs as tf.NamedAttrMap);
    return { shape: output.shape, data: output.dataSync<'float32'>() };
  });
}
