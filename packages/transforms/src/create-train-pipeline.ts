// Seeded training transforms as one function.
import { applyTrainTransform } from './apply-train-transform.js';
import { resolveTransformOptions, type TransformOptions } from './assemble-sample.js';
import type { AugmentOptions } from './augment-options.js';
import { drawTrainParameters } from './draw-train-parameters.js';
import { resolveAugmentOptions } from './resolve-augment-options.js';
import type { SamplePipeline } from './sample.js';

export interface TrainPipelineOptions extends TransformOptions {
  /** Steps and their ranges. @default the bundle's */
  readonly augment?: AugmentOptions;
}

/**
 * The bundle's training transforms of a prepared patch (`prepareSample`), parameters drawn from the stream that comes
 * with it. Same patch, options and stream give the same bytes.
 *
 * @throws ArgumentError if an option is out of its range.
 */
export function createTrainPipeline(options: TrainPipelineOptions = {}): SamplePipeline {
  const transform = resolveTransformOptions(options);
  const augment = resolveAugmentOptions(options.augment ?? {});
  return (sample, random) => applyTrainTransform(sample, drawTrainParameters(random, augment), transform);
}
