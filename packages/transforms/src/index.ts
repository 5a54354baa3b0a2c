// Public interface of @hovernet/transforms.
export {
  adjustStains,
  ruifrokStains,
  type StainAdjustment,
  type StainOptions,
  type StainTriple,
  type StainVectors,
} from './adjust-stains.js';
export { applyTrainTransform } from './apply-train-transform.js';
export type { TransformOptions } from './assemble-sample.js';
export type { AugmentOptions, ElasticRanges, Interpolation, Range, StainRanges } from './augment-options.js';
export {
  defaultAugmentOptions,
  defaultElasticRanges,
  defaultStainRanges,
  hoverNetAugmentOptions,
  noAugmentation,
} from './augment-presets.js';
export { collateBatch, type BatchShape, type TrainBatch } from './collate-batch.js';
export { computeHoverMaps, type HoverMapsOptions } from './compute-hover-maps.js';
export {
  createTrainPipeline,
  createValidationPipeline,
  prepareSample,
  type TrainPipelineOptions,
} from './create-pipelines.js';
export { drawTrainParameters, type TrainParameters } from './draw-train-parameters.js';
export { relabelInstances, type RelabelOptions } from './relabel-instances.js';
export type { SamplePipeline, TrainSample } from './sample.js';
export {
  chooseGains,
  createDensityMeter,
  scaleDensities,
  stainGains,
  type ChannelTriple,
  type DensityMeter,
  type StainGain,
} from './stain-gain.js';
export { cutWindow, type WindowPadding } from './windows/cut-window.js';
export { createWindowMerger, type WindowMerger } from './windows/merge-windows.js';
export { countWindows, planWindows, type WindowPlan, type WindowSize } from './windows/plan-windows.js';
