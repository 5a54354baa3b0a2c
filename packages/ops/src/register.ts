// Registers this package's kernels, gradients and repairs with TensorFlow.js. Importing the module does it.
import * as tf from '@tensorflow/tfjs';
import { batchNormTrainingGradient, batchNormTrainingKernels } from './kernels/batch-norm-training-kernels.js';
import { groupedConv2dGradient, groupedConv2dKernels } from './kernels/grouped-conv2d-kernels.js';
import { repairKernels } from './repairs/repair-kernels.js';

/** Names under which TensorFlow.js backends are registered; kernels may be registered before the backend is. */
const backendNames = ['cpu', 'wasm', 'webgl', 'webgpu', 'tensorflow'] as const;

for (const backendName of backendNames) {
  // Kernels of a backend that is not imported yet would be announced as registered twice, and win, when it is.
  if (tf.findBackendFactory(backendName)) repairKernels(backendName);
  // Called whenever the backend becomes current: its own kernels are all there by then.
  const setupFunc = () => repairKernels(backendName);
  for (const kernel of [...groupedConv2dKernels, ...batchNormTrainingKernels]) {
    if (!tf.getKernel(kernel.kernelName, backendName)) tf.registerKernel({ ...kernel, backendName, setupFunc });
  }
}
for (const gradient of [groupedConv2dGradient, batchNormTrainingGradient]) {
  if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient);
}
