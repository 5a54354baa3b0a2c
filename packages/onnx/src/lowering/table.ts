// All lowerings, and the list of kernels that can be traced.
import { activationLowerings } from './activation.js';
import { alongAxisLowerings } from './along-axis.js';
import { arithmeticLowerings } from './arithmetic.js';
import { batchNormLowerings } from './batch-norm.js';
import { bitwiseLowerings } from './bitwise.js';
import { forBothDataFormats } from './channels-first.js';
import { comparisonLowerings } from './comparison.js';
import { convolution3dLowerings } from './convolution-3d.js';
import { convolutionGradientLowerings } from './convolution-gradients.js';
import { checkUpstreamSize, convolutionLowerings } from './convolution.js';
import { countingLowerings } from './counting.js';
import { creationLowerings } from './creation.js';
import { depthwiseConvolutionLowerings } from './depthwise-convolution.js';
import { dilationLowerings } from './dilation.js';
import { foldConstants } from './fold-constants.js';
import { gatherLowerings } from './gather.js';
import { joinLowerings } from './join.js';
import { matmulLowerings } from './matmul.js';
import { normalizationLowerings } from './normalization.js';
import { poolingGradientLowerings } from './pooling-gradients.js';
import { poolingLowerings } from './pooling.js';
import { reductionLowerings } from './reduction.js';
import { resizeLowerings } from './resize.js';
import { samplingLowerings } from './sampling.js';
import { shapeLowerings } from './shape.js';
import { sliceLowerings } from './slice.js';
import { spaceLowerings } from './space.js';
import { trigonometryLowerings } from './trigonometry.js';
import type { LoweringTable } from './types.js';
import { unaryLowerings } from './unary.js';
import { listUnsupportedKernels, refuse } from './unsupported.js';

const elementwiseLowerings: LoweringTable = {
  ...activationLowerings,
  ...arithmeticLowerings,
  ...bitwiseLowerings,
  ...comparisonLowerings,
  ...trigonometryLowerings,
  ...unaryLowerings,
};

const otherLowerings: LoweringTable = {
  ...alongAxisLowerings,
  ...batchNormLowerings,
  ...convolution3dLowerings,
  ...convolutionGradientLowerings,
  Conv2DBackpropInput: forBothDataFormats(checkUpstreamSize(convolutionGradientLowerings['Conv2DBackpropInput']!)),
  Conv2DBackpropFilter: forBothDataFormats(checkUpstreamSize(convolutionGradientLowerings['Conv2DBackpropFilter']!), {
    outputsFilter: true,
  }),
  ...convolutionLowerings,
  ...countingLowerings,
  ...creationLowerings,
  ...depthwiseConvolutionLowerings,
  ...dilationLowerings,
  ...gatherLowerings,
  ...joinLowerings,
  ...matmulLowerings,
  ...normalizationLowerings,
  ...poolingGradientLowerings,
  ...poolingLowerings,
  ...reductionLowerings,
  ...resizeLowerings,
  ...samplingLowerings,
  ...shapeLowerings,
  ...sliceLowerings,
  ...spaceLowerings,
};

const unsupportedLowerings: LoweringTable = Object.fromEntries(
  listUnsupportedKernels().map((name) => [name, refuse(name)]),
);

/** Lowering of every kernel that is known, by its name in TensorFlow.js: all compute with constants, some with nothing else. */
export const lowerings: LoweringTable = Object.fromEntries(
  Object.entries({ ...unsupportedLowerings, ...otherLowerings, ...elementwiseLowerings }).map(([name, lowering]) => [
    name,
    foldConstants(name, lowering, { elementwise: Object.hasOwn(elementwiseLowerings, name) }),
  ]),
);

/** Names of the TensorFlow.js kernels that can be traced, sorted. */
export function listSupportedKernels(): readonly string[] {
  return Object.keys({ ...otherLowerings, ...elementwiseLowerings }).sort();
}
