import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "checkPatchClasses",
      "createLoader",
      "createSamples",
      "describeAudit",
      "layoutNames",
      "listImages",
      "listTiles",
      "loadTaxonomy",
      "openPatches",
      "openSampleWorkers",
      "openTiles",
      "patchFormats",
      "preparePatches",
      "readPatchTaxonomy",
      "readTile",
      "taxonomyOfLayout",
    ]
  `);
});
