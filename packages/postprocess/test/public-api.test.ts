import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "chooseType",
      "classifyPixels",
      "compactLabels",
      "computeBorderMap",
      "computeDerivative",
      "computeDistanceMap",
      "createDerivativeKernels",
      "createGaussianKernel",
      "describeNuclei",
      "evenKernel",
      "fillHoles",
      "filterSeparable",
      "findMarkers",
      "findRange",
      "floodMarkers",
      "labelComponents",
      "measureClassProbabilities",
      "measureRegions",
      "normalizeRange",
      "openMask",
      "paintTypes",
      "removeSmallObjects",
      "segmentNuclei",
      "smoothGaussian",
      "thresholdLogits",
      "traceContour",
    ]
  `);
});
