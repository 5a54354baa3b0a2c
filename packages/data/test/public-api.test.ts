import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "builtinTaxonomies",
      "createCacheDataset",
      "createLoader",
      "decodeMat",
      "decodeNpy",
      "decodeNpz",
      "decodePng",
      "encodeMat",
      "encodeNpy",
      "encodeNpz",
      "encodePng",
      "isNumericArray",
      "listArrays",
      "listFileNames",
      "listPatchOrigins",
      "listTiles",
      "loadTaxonomy",
      "mapTypes",
      "openPatches",
      "openTiles",
      "parseTaxonomy",
      "patchFormats",
      "preparePatches",
      "readFileBytes",
      "readLabels",
      "readMat",
      "readNpy",
      "readNpz",
      "readPng",
      "readTile",
      "replaceDirectory",
      "summarizeNumbers",
      "toInt32",
      "toUint8",
      "writeFileAtomic",
      "writeMat",
      "writeNpy",
      "writeNpz",
      "writePng",
    ]
  `);
});
