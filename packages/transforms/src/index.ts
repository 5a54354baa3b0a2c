// Public interface of @hovernet/transforms.
export { addNoise, drawNoise } from './add-noise.js';
export { adjustBrightness } from './adjust-brightness.js';
export { adjustContrast } from './adjust-contrast.js';
export { adjustHue, type HueOptions, type HueRule } from './adjust-hue.js';
export { adjustSaturation } from './adjust-saturation.js';
export { applyTrainTransform } from './apply-train-transform.js';
export type { TransformOptions } from './assemble-sample.js';
export { defaultAugmentOptions, noAugmentation, type AugmentOptions, type Range } from './augment-options.js';
export { collateBatch, type BatchShape, type TrainBatch } from './collate-batch.js';
export {
  composeAffineMatrix,
  identityMatrix,
  mirrorMatrix,
  type AffineMatrix,
  type AffineParameters,
} from './compose-affine-matrix.js';
export { computeHoverMaps, type HoverMapsOptions, type HoverRule } from './compute-hover-maps.js';
export { createTrainPipeline, type TrainPipelineOptions } from './create-train-pipeline.js';
export { createValidationPipeline } from './create-validation-pipeline.js';
export { cropCenter } from './crop-center.js';
export { drawTrainParameters, type FilterChoice, type TrainParameters } from './draw-train-parameters.js';
export { encodeOneHot } from './encode-one-hot.js';
export { extractForeground } from './extract-foreground.js';
export { filterMedian } from './filter-median.js';
export { jitterColor, type ColorAdjustment, type JitterOptions } from './jitter-color.js';
export { prepareSample } from './prepare-sample.js';
export { centerBox } from './region.js';
export { relabelInstances, type RelabelOptions } from './relabel-instances.js';
export type { PatchSample, SamplePipeline, TrainSample } from './sample.js';
export { scaleIntensity } from './scale-intensity.js';
export { smoothGaussian, type FloatImage, type SmoothOptions } from './smooth-gaussian.js';
export { truncateToUint8 } from './truncate-to-uint8.js';
export { warpNearest, type WarpOptions } from './warp-nearest.js';
export { cutWindow, type WindowPadding } from './windows/cut-window.js';
export { createWindowMerger, type WindowMerger } from './windows/merge-windows.js';
export { countWindows, planWindows, windowOrigin, type WindowPlan, type WindowSize } from './windows/plan-windows.js';
