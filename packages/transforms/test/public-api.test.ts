import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "adjustStains",
      "applyTrainTransform",
      "chooseGains",
      "collateBatch",
      "computeHoverMaps",
      "countWindows",
      "createDensityMeter",
      "createTrainPipeline",
      "createValidationPipeline",
      "createWindowMerger",
      "cutWindow",
      "defaultAugmentOptions",
      "defaultElasticRanges",
      "defaultStainRanges",
      "drawTrainParameters",
      "hoverNetAugmentOptions",
      "noAugmentation",
      "planWindows",
      "prepareSample",
      "relabelInstances",
      "ruifrokStains",
      "scaleDensities",
      "stainGains",
    ]
  `);
});
