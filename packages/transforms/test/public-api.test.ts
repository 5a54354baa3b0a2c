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
      "createTrainPipeline",
      "createValidationPipeline",
      "cropCenter",
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
      "prepareSample",
      "relabelInstances",
      "scaleIntensity",
      "smoothGaussian",
      "truncateToUint8",
      "warpNearest",
    ]
  `);
});
