import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "ArgumentError",
      "ConfigError",
      "FileError",
      "HovernetError",
      "ShapeError",
      "UnsupportedError",
      "WeightsError",
      "areFinite",
      "assertLabelMap",
      "assertRawMaps",
      "assertRgbImage",
      "assertSameSize",
      "copyArray",
      "createHoverMaps",
      "createLabelMap",
      "createNucleusTable",
      "createPlanes",
      "createRandom",
      "createRgbImage",
      "createSilentReporter",
      "createTypeMap",
      "cropView",
      "decodeHalfFloats",
      "elementTypeName",
      "encodeHalfFloats",
      "flipView",
      "getNucleus",
      "isContiguous",
      "listNuclei",
      "planeView",
      "referenceNames",
      "restoreRandom",
      "toChannelFirst",
      "toChannelLast",
      "toContiguous",
      "toReference",
    ]
  `);
});
