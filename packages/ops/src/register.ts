// Registers this package's kernels, gradients and repairs with TensorFlow.js. Importing the module does it.
import * as tf from '@tensorflow/tfjs';
import { batchNormTrainingGradient, batchNormTrainingKernels } from './kernels/batch-norm-training-kernels.js';
import { groupedConv2dGradient, groupedConv2dKernels } from './kernels/grouped-conv2d-kernels.js';
import { conv2dBackpropFilterRepair } from './repairs/conv2d-backprop-filter.js';
import { maxPoolGradRepair } from './repairs/max-pool-grad.js';
import { resizeNearestNeighborGradRepair } from './repairs/resize-nearest-neighbor-grad.js';

/** Names under which TensorFlow.js backends are registered; kernels may be registered before the backend is. */
const backendNames = ['cpu', 'wasm', 'webgl', 'webgpu', 'tensorflow'] as const;

/**
 * Registers what is not registered yet and replaces the kernels that are known to be wrong. Idempotent. Only needed again
 * where a backend's package is imported after this one and brings its wrong kernels back; the eager engine sees to that.
 */
export function registerKernels(): void {
  for (const kernel of [...groupedConv2dKernels, ...batchNormTrainingKernels]) {
    for (const backendName of backendNames) registerMissing({ ...kernel, backendName });
  }
  for (const gradient of [groupedConv2dGradient, batchNormTrainingGradient]) {
    if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient);
  }
  registerMissing(conv2dBackpropFilterRepair);
  replaceKernel(resizeNearestNeighborGradRepair);
  replaceKernel(maxPoolGradRepair);
}

function registerMissing(kernel: tf.KernelConfig): void {
  if (!tf.getKernel(kernel.kernelName, kernel.backendName)) tf.registerKernel(kernel);
}

function replaceKernel(repair: tf.KernelConfig): void {
  const registered = tf.getKernel(repair.kernelName, repair.backendName);
  if (registered?.kernelFunc === repair.kernelFunc) return;
  if (registered) tf.unregisterKernel(repair.kernelName, repair.backendName);
  tf.registerKernel(repair);
}

registerKernels();
