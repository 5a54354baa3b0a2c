// Public interface of @hovernet/metrics.
export { computeAji, computeAjiPlus } from './aji.js';
export { solveAssignment } from './assignment.js';
export { pairCentroids, type CentroidPair, type CentroidPairing, type PairingOptions } from './centroid-pairing.js';
export { computeR2, scoreCounts, type CountedImage, type CountScoreOptions, type CountScores } from './count-scores.js';
export { scoreDetection, type DetectedNucleus, type DetectionImage, type DetectionScores } from './detection-scores.js';
export {
  computeDice,
  computeDice2,
  computeMaskDice,
  computeMeanDice,
  type MaskDiceOptions,
  type MaskPair,
} from './dice.js';
export {
  averageInstanceScores,
  estimateInstanceIntervals,
  scoreInstances,
  type InstanceMetrics,
  type InstanceScores,
} from './instance-scores.js';
export { computeOverlapTable, type OverlapTable } from './overlap-table.js';
export {
  computePanopticQuality,
  type InstancePair,
  type PanopticQuality,
  type PanopticQualityOptions,
  type Quality,
} from './panoptic-quality.js';
export { matchSparse, type MatchingProblem } from './sparse-matching.js';
export {
  bootstrapIntervals,
  computeMean,
  computeQuantile,
  type BootstrapOptions,
  type Interval,
  type MeanOptions,
} from './statistics.js';
export {
  estimateTypeIntervals,
  scoreTypes,
  type TypeScoreIntervals,
  type TypeScoreOptions,
  type TypeScores,
} from './type-scores.js';
export type { TypedImage, TypedNucleus, TypeTallyOptions } from './type-tally.js';
export {
  tallyTypedInstances,
  type InstanceCounts,
  type TypedInstancePair,
  type TypedInstances,
  type TypedInstanceTally,
} from './typed-instance-tally.js';
export {
  estimateTypedInstanceIntervals,
  scoreTypedInstances,
  type TypedPanopticOptions,
  type TypedPanopticScores,
} from './typed-panoptic-quality.js';
