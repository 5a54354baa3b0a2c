// Entry /evaluation: how well nuclei of labelled tiles are found. Loads no TensorFlow.js; the main entry has it too.
export { evaluateTiles, type EvaluatedTiles, type TileWork } from './evaluation/evaluate-tiles.js';
export {
  createEvaluationDocument,
  type EvaluationDocument,
  type EvaluationOptions,
} from './evaluation/evaluation-document.js';
export {
  toInstanceRecord,
  toPanopticRecord,
  type InstanceRecord,
  type PanopticRecord,
} from './evaluation/score-records.js';
export { scoreTile, type ScoredTile, type SegmentedTile } from './evaluation/score-tile.js';
