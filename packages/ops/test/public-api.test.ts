import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "BatchNormTraining",
      "BatchNormTrainingGrad",
      "GroupedConv2D",
      "GroupedConv2DBackpropFilter",
      "GroupedConv2DBackpropInput",
      "NCHW",
      "OIHW",
      "assertConstants",
      "assertFeeds",
      "batchNormTraining",
      "createEagerEngine",
      "cropCenter2d",
      "filterDerivative",
      "groupedConv2d",
      "registerKernels",
      "toHostShape",
      "upsampleBilinear2x",
      "upsampleNearest2x",
    ]
  `);
});
