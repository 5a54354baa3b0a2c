// Does to TensorFlow.js what importing @tensorflow/tfjs-node or tfjs-node-gpu does: kernels, a backend that starts at once
// and becomes current. Its kernels are those of the cpu backend.
import * as tf from '@tensorflow/tfjs';

/** Stands for the module of that package. */
export function importFakeTensorflow(): object {
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (!tf.getKernel(kernel.kernelName, 'tensorflow')) tf.registerKernel({ ...kernel, backendName: 'tensorflow' });
  }
  tf.registerBackend('tensorflow', () => tf.findBackendFactory('cpu')(), 3);
  void tf.setBackend('tensorflow');
  return {};
}
