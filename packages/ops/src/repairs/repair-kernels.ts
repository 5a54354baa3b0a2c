// Puts this package's kernels in the place of those that TensorFlow.js 4.22 lacks or has wrong.
import * as tf from '@tensorflow/tfjs';
import { conv2dBackpropFilterRepair } from './conv2d-backprop-filter.js';
import { maxPoolGradRepair } from './max-pool-grad.js';
import { resizeNearestNeighborGradRepair } from './resize-nearest-neighbor-grad.js';

const repairs: readonly tf.KernelConfig[] = [
  conv2dBackpropFilterRepair,
  maxPoolGradRepair,
  resizeNearestNeighborGradRepair,
];

/** Repairs the kernels of `backendName`. Idempotent and silent; to be called when the backend has registered its own. */
export function repairKernels(backendName: string): void {
  for (const repair of repairs) {
    if (repair.backendName !== backendName) continue;
    const registered = tf.getKernel(repair.kernelName, backendName);
    if (registered?.kernelFunc === repair.kernelFunc) continue;
    if (registered) tf.unregisterKernel(repair.kernelName, backendName);
    tf.registerKernel(repair);
  }
}
