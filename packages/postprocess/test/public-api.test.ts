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
      "describeNuclei",
      "evenKernel",
      "fillHoles",
      "filterSeparable",
      "findMarkers",
      "findRange",
      "floodMarkers",
      "labelComponents",
      "measureRegions",
      "normalizeRange",
      "openMask",
      "paintTypes",
      "removeSmallObjects",
      "segmentNuclei",
      "thresholdLogits",
      "traceContour",
    ]
  `);
});
