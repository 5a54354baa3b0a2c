import { expect, it } from 'vitest';
import * as api from '../src/index.js';
import * as node from '../src/node.js';

it('exports these names', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "TrainOptionError",
      "createEvaluationDocument",
      "createSingleCommunicator",
      "evaluateTiles",
      "runTogether",
      "scoreInstanceFolders",
      "scoreTile",
      "scoreTypeFolders",
      "toInstanceRecord",
      "toPanopticRecord",
      "train",
      "writeCheckpoint",
      "writeScores",
    ]
  `);
});

it('adds these names in the entry for Node', () => {
  expect(Object.keys(node).filter((name) => !(name in api))).toMatchInlineSnapshot(`
    [
      "openCommunicator",
    ]
  `);
});
