// The training transforms with every random choice given: warp and mirror, one filter, colour jitter, targets.
import { createRandom, type RgbImage } from '@hovernet/core';
import { addNoise, drawNoise } from './add-noise.js';
import {
  assembleSample,
  assertHoldsWindow,
  resolveTransformOptions,
  type TransformOptions,
} from './assemble-sample.js';
import { composeAffineMatrix, mirrorMatrix } from './compose-affine-matrix.js';
import type { FilterChoice, TrainParameters } from './draw-train-parameters.js';
import { filterMedian } from './filter-median.js';
import { jitterColor } from './jitter-color.js';
import { centerBox } from './region.js';
import type { PatchSample, TrainSample } from './sample.js';
import { smoothGaussian } from './smooth-gaussian.js';
import { truncateToUint8 } from './truncate-to-uint8.js';
import { warpNearest } from './warp-nearest.js';

/**
 * Makes a training sample of a prepared patch (`prepareSample`). Equal to the bundle's steps one after another; only the
 * pixels that survive the crops are warped, and the mirrors are part of the warp.
 *
 * @throws ShapeError if the patch is smaller than the window.
 */
export async function applyTrainTransform(
  sample: PatchSample,
  parameters: TrainParameters,
  options: TransformOptions = {},
): Promise<TrainSample> {
  const resolved = resolveTransformOptions(options);
  const field = sample.image.shape;
  assertHoldsWindow('applyTrainTransform', field, resolved.windowSize);
  const matrix = mirrorMatrix(await composeAffineMatrix(parameters.affine), {
    rows: parameters.flipRows,
    columns: parameters.flipColumns,
  });
  const window = warpNearest(sample.image, matrix, { region: centerBox(field, resolved.windowSize) });
  const filtered = applyFilter(window, parameters.filter);
  return assembleSample(
    {
      image: jitterColor(filtered, parameters.jitter, { hueRule: resolved.hueRule }),
      types: warpNearest(sample.typeMap, matrix, { region: centerBox(field, resolved.outputSize) }),
      instanceField: warpNearest(sample.instanceMap, matrix),
    },
    resolved,
  );
}

function applyFilter(image: RgbImage, filter: FilterChoice): RgbImage {
  switch (filter?.kind) {
    case 'smooth':
      return truncateToUint8(smoothGaussian(image, filter));
    case 'median':
      return filterMedian(image);
    case 'noise': {
      const [height, width] = image.shape as [number, number];
      const noise = drawNoise(createRandom(filter.seed), [height, width], filter.deviation);
      return truncateToUint8(addNoise(image, noise));
    }
    case undefined:
      return image;
  }
}
