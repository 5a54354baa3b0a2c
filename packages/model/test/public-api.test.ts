import { expect, it } from 'vitest';
import * as model from '../src/index.js';
import * as internal from '../src/internal.js';
import * as node from '../src/node.js';

it('exports exactly these names', () => {
  expect(Object.keys(model).sort()).toMatchInlineSnapshot(`
    [
      "DownloadError",
      "createInferenceProgram",
      "encodeCheckpoint",
      "hoverNetForward",
      "initializeWeights",
      "loadWeights",
      "outputSize",
      "presets",
      "resolveConfig",
      "toConstants",
      "toImageInput",
      "toRawMaps",
    ]
  `);
});

it('the internal entry has these names', () => {
  expect(Object.keys(internal).sort()).toMatchInlineSnapshot(`
    [
      "batchNormEpsilon",
      "copyWeightArray",
      "countMacs",
      "countParameters",
      "decodeTfjsModel",
      "describeConfig",
      "describeCoverage",
      "describeOrigin",
      "describeWeights",
      "drawDropoutScales",
      "encodeTfjsModel",
      "identifyWeights",
      "inferConfig",
      "listDropouts",
      "listTensors",
      "listTfjsShards",
      "listTrainable",
      "loadEncoder",
      "loadNetwork",
      "loadStateDict",
      "parseConfig",
      "splitTfjsModel",
      "summarizeNetwork",
      "tensorSpecs",
      "updateRunningStatistics",
      "warnOfReference",
    ]
  `);
});

it('the node entry has these names besides, and its own loadWeights', () => {
  const added = Object.keys(node)
    .filter((name) => !(name in model))
    .sort();
  expect(added).toEqual(['fetchFile', 'pretrainedCacheDir']);
  const { loadWeights, ...others } = model;
  expect(node).toMatchObject(others);
  expect(node.loadWeights).not.toBe(loadWeights);
});
