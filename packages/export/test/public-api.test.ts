import { expect, it } from 'vitest';
import * as exported from '../src/index.js';

it('exports these names', () => {
  expect(Object.keys(exported).sort()).toMatchInlineSnapshot(`
    [
      "encodeNifti",
      "encodeNiftiRows",
      "encodeNucleiText",
      "formatNuclei",
      "formatNucleus",
      "formatProvenance",
      "indexLabelColors",
      "labelPalette",
      "listFormatFiles",
      "nucleiSchema",
      "parseNuclei",
      "renderOverlay",
      "resultFormats",
    ]
  `);
});
