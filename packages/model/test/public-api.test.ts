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
      "describesNetwork",
      "drawDropoutScales",
      "encodeSafetensors",
      "hoverNetForward",
      "initializeWeights",
      "listDropouts",
      "listTensors",
      "listTrainable",
      "loadStateDict",
      "outputSize",
      "parseConfig",
      "presets",
      "resolveConfig",
      "summarizeNetwork",
      "tensorSpecs",
      "updateRunningStatistics",
    ]
  `);
});
