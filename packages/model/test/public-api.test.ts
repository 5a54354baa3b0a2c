import { expect, it } from 'vitest';
import * as model from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(model).sort()).toMatchInlineSnapshot(`
    [
      "batchNormEpsilon",
      "countMacs",
      "countParameters",
      "createInferenceProgram",
      "decodeSafetensors",
      "describeConfig",
      "describeCoverage",
      "describesNetwork",
      "drawDropoutScales",
      "encodeSafetensors",
      "hoverNetForward",
      "inferConfig",
      "initializeWeights",
      "listDropouts",
      "listTensors",
      "listTrainable",
      "loadEncoder",
      "loadNetwork",
      "loadStateDict",
      "outputSize",
      "parseConfig",
      "presets",
      "readCheckpoint",
      "resolveConfig",
      "summarizeNetwork",
      "tensorSpecs",
      "updateRunningStatistics",
    ]
  `);
});
