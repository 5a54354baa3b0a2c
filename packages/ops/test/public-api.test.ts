import { expect, it } from 'vitest';
import * as api from '../src/index.js';
import * as node from '../src/node.js';

it('exports exactly these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "BackendError",
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
      "createExecutableCache",
      "cropCenter2d",
      "filterDerivative",
      "groupedConv2d",
      "openEagerEngine",
      "toHostShape",
      "upsampleBilinear2x",
      "upsampleNearest2x",
    ]
  `);
});

it('exports the same names in Node, with an opener that knows more backends', () => {
  expect(Object.keys(node).sort()).toEqual(Object.keys(api).sort());
  const { openEagerEngine, ...others } = api;
  expect(node).toMatchObject(others);
  expect(node.openEagerEngine).not.toBe(openEagerEngine);
});
