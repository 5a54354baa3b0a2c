// The training transforms with every random choice given: warp and mirror, one filter, colours, targets.
import { createRandom, type LabelledImage, type RgbImage } from '@hovernet/core';
import { addNoise, drawNoise } from './add-noise.js';
import {
  assembleSample,
  assertHoldsWindow,
  resolveTransformOptions,
  type TransformOptions,
} from './assemble-sample.js';
import type { FilterChoice, TrainParameters } from './draw-train-parameters.js';
import { filterMedian } from './filter-median.js';
import { jitterColor } from './jitter-color.js';
import { centerBox } from './region.js';
import type { TrainSample } from './sample.js';
import { smoothBinomial } from './smooth-binomial.js';
import { smoothGaussian, truncateToUint8 } from './smooth-gaussian.js';
import { adjustStains } from './adjust-stains.js';
import { createSampleWarp } from './warp-sample.js';

/**
 * Makes a training sample of a prepared patch (`prepareSample`). Equal to the bundle's steps one after another; only the
 * pixels that survive the crops are warped, and the mirrors are part of the warp. Steps beyond the bundle: elastic
 * deformation in the same warp, stains between filter and colour jitter.
 *
 * @throws ShapeError if the patch is smaller than the window.
 */
export function applyTrainTransform(
  sample: LabelledImage,
  parameters: TrainParameters,
  options: TransformOptions = {},
): TrainSample {
  const resolved = resolveTransformOptions(options);
  const field = sample.image.shape;
  assertHoldsWindow('applyTrainTransform', field, resolved.windowSize);
  const warp = createSampleWarp(field, parameters);
  const window = warp.warpImage(sample.image, { region: centerBox(field, resolved.windowSize) });
  const filtered = applyFilter(window, parameters.filter);
  const stained = parameters.stain ? adjustStains(filtered, parameters.stain) : filtered;
  return assembleSample(
    {
      image: jitterColor(stained, parameters.jitter, { hueRounding: resolved.hueRounding }),
      typeMap: warp.warpLabels(sample.typeMap, { region: centerBox(field, resolved.outputSize) }),
      instanceField: warp.warpLabels(sample.instanceMap),
    },
    resolved,
  );
}

function applyFilter(image: RgbImage, filter: FilterChoice): RgbImage {
  switch (filter?.kind) {
    case 'smooth':
      return truncateToUint8(smoothGaussian(image, filter));
    case 'smooth-binomial':
      return smoothBinomial(image, filter);
    case 'median':
      return filterMedian(image, filter);
    case 'noise': {
      const [height, width] = image.shape as [number, number];
      const shape = filter.shared ? ([height, width, 1] as const) : ([height, width] as const);
      return truncateToUint8(addNoise(image, drawNoise(createRandom(filter.seed), shape, filter.deviation)));
    }
    case undefined:
      return image;
  }
}
