// Public interface of @hovernet/postprocess.
export {
  measureClassProbabilities,
  type ClassProbabilities,
  type MeasureClassProbabilitiesOptions,
} from './class-probabilities.js';
export { compactLabels } from './compact-labels.js';
export type { DistanceSmoothing } from './compute-distance-map.js';
export { describeNuclei, paintTypes } from './describe-nuclei.js';
export type { PixelClasses } from './measure-regions.js';
export { segmentNuclei, type SegmentNucleiOptions } from './segment-nuclei.js';
