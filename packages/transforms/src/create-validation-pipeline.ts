// The transforms of validation: crops, scaling and targets, nothing random.
import { copyArray, type LabelledImage } from '@hovernet/core';
import {
  assembleSample,
  assertHoldsWindow,
  resolveTransformOptions,
  type TransformOptions,
} from './assemble-sample.js';
import { cropCenter } from './crop-center.js';
import type { TrainSample } from './sample.js';

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
