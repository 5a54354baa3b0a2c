import { expect, it } from 'vitest';
import * as model from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(model).sort()).toMatchInlineSnapshot(`
    [
      "DownloadError",
      "batchNormEpsilon",
      "countMacs",
      "countParameters",
      "createInferenceProgram",
      "decodeSafetensors",
      "describeConfig",
      "describeCoverage",
      "describesNetwork",
      "drawDropoutScales",
      "encodeCheckpoint",
      "encodeSafetensors",
      "hoverNetForward",
      "inferConfig",
      "initializeWeights",
      "listDropouts",
      "listTensors",
      "listTrainable",
      "loadEncoder",
      "loadNetwork",
      "loadPretrained",
      "loadStateDict",
      "outputSize",
      "parseConfig",
      "presets",
      "readCheckpoint",
      "readPretrained",
      "resolveConfig",
      "summarizeNetwork",
      "tensorSpecs",
      "toConstants",
      "toImageInput",
      "updateRunningStatistics",
    ]
  `);
});
