import { expect, it } from 'vitest';
import * as exported from '../src/index.js';

it('exports these names', () => {
  expect(Object.keys(exported).sort()).toMatchInlineSnapshot(`
    [
      "encodeNifti",
      "encodeNiftiRows",
      "encodeNucleiText",
      "findFormats",
      "formatNames",
      "formatNuclei",
      "formatNucleus",
      "formatProvenance",
      "indexLabelColors",
      "labelPalette",
      "listFormatFiles",
      "nucleiSchema",
      "parseGeojson",
      "parseHoverNet",
      "parseNuclei",
      "parseTable",
      "renderOverlay",
      "resultFormats",
      "toSegmentedImage",
    ]
  `);
});
