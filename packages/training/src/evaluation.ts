// Entry /evaluation: how well nuclei of labelled tiles are found. Loads no TensorFlow.js; the main entry has it too.
export { evaluateTiles, type EvaluatedTiles, type TileWork } from './evaluation/evaluate-tiles.js';
export {
  createEvaluationDocument,
  type EvaluationDocument,
  type EvaluationOptions,
} from './evaluation/evaluation-document.js';
export { scoreInstanceFolders, type InstanceScoresDocument } from './evaluation/folders/score-instance-folders.js';
export {
  scoreTypeFolders,
  type ScoreTypeFoldersOptions,
  type TypeScoresDocument,
} from './evaluation/folders/score-type-folders.js';
export type { FolderScores, ScoreFoldersContext, ScoreFoldersOptions } from './evaluation/folders/read-pairs.js';
export {
  toInstanceRecord,
  toPanopticRecord,
  type InstanceRecord,
  type PanopticRecord,
} from './evaluation/score-records.js';
export { scoreTile, type ScoredTile, type SegmentedTile } from './evaluation/score-tile.js';
export { writeScores } from './evaluation/write-scores.js';
