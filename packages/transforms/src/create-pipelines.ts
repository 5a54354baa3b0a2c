// The bundle's transforms as functions: what is the same in every epoch and may be cached, then training's or validation's rest.
import { assertRgbImage, assertSameSize, copyArray, type LabelledImage } from '@hovernet/core';
import { applyTrainTransform } from './apply-train-transform.js';
import {
  assembleSample,
  assertHoldsWindow,
  resolveTransformOptions,
  type TransformOptions,
} from './assemble-sample.js';
import type { AugmentOptions } from './augment-options.js';
import { drawTrainParameters } from './draw-train-parameters.js';
import { cropCenter } from './region.js';
import { relabelInstances } from './relabel-instances.js';
import { resolveAugmentOptions } from './resolve-augment-options.js';
import type { SamplePipeline, TrainSample } from './sample.js';

/**
 * Gives every connected piece of a nucleus its own id (mirrored patches repeat ids); image and classes are passed on
 * uncopied. Preparing twice changes nothing.
 *
 * @throws ShapeError unless the image is RGB, the label map int32, and all three of one size.
 */
export function prepareSample(sample: LabelledImage): LabelledImage {
  assertRgbImage('prepareSample: image', sample.image);
  assertSameSize('prepareSample: instanceMap', sample.image, sample.instanceMap);
  assertSameSize('prepareSample: typeMap', sample.image, sample.typeMap);
  return { ...sample, instanceMap: relabelInstances(sample.instanceMap) };
}

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

/**
 * The bundle's validation transforms of a prepared patch (`prepareSample`). The result shares no memory with the patch.
 * A `SamplePipeline` that ignores its stream.
 *
 * @throws ArgumentError if an option is out of its range; the pipeline throws a ShapeError if the patch is smaller than
 * the window.
 */
export function createValidationPipeline(
  options: Omit<TransformOptions, 'hueRounding'> = {},
): (sample: LabelledImage) => TrainSample {
  const resolved = resolveTransformOptions(options);
  return (sample) => {
    assertHoldsWindow('createValidationPipeline', sample.image.shape, resolved.windowSize);
    return assembleSample(
      {
        image: cropCenter(sample.image, resolved.windowSize),
        typeMap: copyArray(cropCenter(sample.typeMap, resolved.outputSize)),
        instanceField: sample.instanceMap,
      },
      resolved,
    );
  };
}
