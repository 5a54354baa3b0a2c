import { expect, it } from 'vitest';
import * as files from '../src/index.js';
import * as internal from '../src/internal.js';
import * as internalNode from '../src/node-internal.js';
import * as node from '../src/node.js';

it('exports these names and no others', () => {
  expect(Object.keys(files).sort()).toMatchInlineSnapshot(`
    [
      "decodeMat",
      "decodeNpy",
      "decodeNpz",
      "decodeSafetensors",
      "decodeTorchFile",
      "encodeNpy",
      "encodeNpz",
      "encodePngRows",
      "encodeSafetensors",
      "encodeTorchFile",
      "fillSparse",
      "isNumericArray",
      "isStoredTensor",
      "isTorchDictionary",
      "isTorchFile",
      "listTorchTensors",
      "summarizeNumbers",
    ]
  `);
});

it('the node entry has these names besides', () => {
  const added = Object.keys(node).filter((name) => !(name in files));
  expect(added.sort()).toMatchInlineSnapshot(`
    [
      "decodeImage",
      "decodePng",
      "encodeMat",
      "encodePng",
      "listArrays",
      "readFileBytes",
      "readImage",
      "readMat",
      "readNpy",
      "readNpz",
      "readPng",
      "readTorchFile",
      "replaceDirectory",
      "writeFileAtomic",
      "writeMat",
      "writeNpy",
      "writeNpz",
      "writePng",
    ]
  `);
  expect(node).toMatchObject(files);
});

it('the repository builds on these besides', () => {
  expect(Object.keys(internal).sort()).toMatchInlineSnapshot(`
    [
      "assertFitsHalf",
      "checkRows",
      "compressChunks",
      "countElements",
      "decodeLabelTiff",
      "elementBytes",
      "elementTypes",
      "encodeLabelTiff",
      "formatNpyHeader",
      "inflate",
      "isPng",
      "parseNpyHeader",
      "readElements",
      "toInt32",
      "toUint8",
    ]
  `);
});

it('the internal entry for Node exports these names and no others', () => {
  expect(Object.keys(internalNode).sort()).toMatchInlineSnapshot(`
    [
      "cacheDir",
      "holdFolder",
      "listFileNames",
      "mayRun",
      "openNpyRows",
      "ownerName",
      "readCsv",
      "readNpyTexts",
      "readPngHeader",
      "readPngRows",
      "toFileError",
    ]
  `);
});
