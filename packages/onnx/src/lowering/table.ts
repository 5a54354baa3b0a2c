// All lowerings, and the list of kernels that can be traced.
import { batchNormLowerings } from './batch-norm.js';
import { convolutionGradientLowerings } from './convolution-gradients.js';
import { convolutionLowerings } from './convolution.js';
import { creationLowerings } from './creation.js';
import { elementwiseLowerings } from './elementwise.js';
import { matmulLowerings } from './matmul.js';
import { reductionLowerings } from './reduction.js';
import { resizeLowerings } from './resize.js';
import { shapeLowerings } from './shape.js';
import type { LoweringTable } from './types.js';

/** Lowering of every supported kernel, by the kernel's name in TensorFlow.js. */
export const lowerings: LoweringTable = {
  ...batchNormLowerings,
  ...convolutionGradientLowerings,
  ...convolutionLowerings,
  ...creationLowerings,
  ...elementwiseLowerings,
  ...matmulLowerings,
  ...reductionLowerings,
  ...resizeLowerings,
  ...shapeLowerings,
};

/** Names of the TensorFlow.js kernels that can be traced, sorted. */
export function listSupportedKernels(): readonly string[] {
  return Object.keys(lowerings).sort();
}
