// Public interface of @hovernet/transforms.
export { addNoise, drawNoise } from './add-noise.js';
export { adjustBrightness } from './adjust-brightness.js';
export { adjustContrast } from './adjust-contrast.js';
export { adjustHue, type HueOptions, type HueRounding } from './adjust-hue.js';
export { adjustSaturation } from './adjust-saturation.js';
export { applyTrainTransform } from './apply-train-transform.js';
export type { TransformOptions } from './assemble-sample.js';
export type { AugmentOptions, ElasticRanges, Interpolation, Range, StainRanges } from './augment-options.js';
export {
  defaultAugmentOptions,
  defaultElasticRanges,
  defaultStainRanges,
  noAugmentation,
  hoverNetAugmentOptions,
} from './augment-presets.js';
export { collateBatch, type BatchShape, type TrainBatch } from './collate-batch.js';
export {
  composeAffineMatrix,
  identityMatrix,
  mirrorMatrix,
  type AffineMatrix,
  type AffineParameters,
} from './compose-affine-matrix.js';
export { computeHoverMaps, type HoverMapsOptions } from './compute-hover-maps.js';
export { createTrainPipeline, type TrainPipelineOptions } from './create-train-pipeline.js';
export { createValidationPipeline } from './create-validation-pipeline.js';
export { cropCenter } from './crop-center.js';
export {
  drawTrainParameters,
  type ElasticChoice,
  type FilterChoice,
  type TrainParameters,
} from './draw-train-parameters.js';
export { drawDisplacement, type DisplacementField, type ElasticParameters } from './elastic/draw-displacement.js';
export { encodeOneHot } from './encode-one-hot.js';
export { extractForeground } from './extract-foreground.js';
export { filterMedian, type MedianOptions } from './filter-median.js';
export { jitterColor, type ColorAdjustment, type JitterOptions } from './jitter-color.js';
export { prepareSample } from './prepare-sample.js';
export { centerBox } from './region.js';
export { relabelInstances, type RelabelOptions } from './relabel-instances.js';
export type { SamplePipeline, TrainSample } from './sample.js';
export { scaleIntensity } from './scale-intensity.js';
export { shiftBrightness } from './shift-brightness.js';
export { smoothBinomial, type BinomialOptions, type BinomialSize } from './smooth-binomial.js';
export { smoothGaussian, type FloatImage, type SmoothOptions } from './smooth-gaussian.js';
export { adjustStains, type StainAdjustment, type StainOptions, type StainTriple } from './stain/adjust-stains.js';
export { ruifrokStains, type StainVectors } from './stain/stain-vectors.js';
export type { WarpOptions } from './trace-sources.js';
export { truncateToUint8 } from './truncate-to-uint8.js';
export { warpBilinear } from './warp-bilinear.js';
export { warpNearest } from './warp-nearest.js';
export { warpSample, type GeometryParameters } from './warp-sample.js';
export { cutWindow, type WindowPadding } from './windows/cut-window.js';
export { createWindowMerger, type WindowMerger } from './windows/merge-windows.js';
export { countWindows, planWindows, windowOrigin, type WindowPlan, type WindowSize } from './windows/plan-windows.js';
