import { expect, it } from 'vitest';
import * as model from '../src/index.js';
import * as node from '../src/node.js';

it('exports exactly these names', () => {
  expect(Object.keys(model).sort()).toMatchInlineSnapshot(`
    [
      "DownloadError",
      "batchNormEpsilon",
      "copyWeightArray",
      "countMacs",
      "countParameters",
      "createInferenceProgram",
      "decodeTfjsModel",
      "describeCheckpoint",
      "describeConfig",
      "describeCoverage",
      "describeOrigin",
      "describesNetwork",
      "drawDropoutScales",
      "encodeCheckpoint",
      "encodeTfjsModel",
      "hoverNetForward",
      "inferConfig",
      "initializeWeights",
      "listDropouts",
      "listTensors",
      "listTfjsShards",
      "listTrainable",
      "loadEncoder",
      "loadNetwork",
      "loadStateDict",
      "loadWeights",
      "outputSize",
      "parseConfig",
      "presets",
      "readCheckpoint",
      "readWeights",
      "resolveConfig",
      "splitTfjsModel",
      "summarizeNetwork",
      "tensorSpecs",
      "toConstants",
      "toImageInput",
      "toRawMaps",
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
