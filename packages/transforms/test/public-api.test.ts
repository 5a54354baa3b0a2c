import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "addNoise",
      "adjustBrightness",
      "adjustContrast",
      "adjustHue",
      "adjustSaturation",
      "applyTrainTransform",
      "centerBox",
      "collateBatch",
      "composeAffineMatrix",
      "computeHoverMaps",
      "countWindows",
      "createTrainPipeline",
      "createValidationPipeline",
      "createWindowMerger",
      "cropCenter",
      "cutWindow",
      "defaultAugmentOptions",
      "drawNoise",
      "drawTrainParameters",
      "encodeOneHot",
      "extractForeground",
      "filterMedian",
      "identityMatrix",
      "jitterColor",
      "mirrorMatrix",
      "noAugmentation",
      "planWindows",
      "prepareSample",
      "relabelInstances",
      "scaleIntensity",
      "smoothGaussian",
      "truncateToUint8",
      "warpNearest",
      "windowOrigin",
    ]
  `);
});
