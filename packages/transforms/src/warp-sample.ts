// The geometry of training: one affine map, mirrors and displacement for image, ids and classes alike.
import { createRandom, type LabelledImage, type PixelArray, type RgbImage } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { composeAffineMatrix, mirrorMatrix } from './compose-affine-matrix.js';
import type { TrainParameters } from './draw-train-parameters.js';
import { drawDisplacement } from './draw-displacement.js';
import type { FieldShape } from './region.js';
import type { WarpOptions } from './trace-sources.js';
import { warpBilinear, warpNearest } from './warp-fields.js';

/** The part of the parameters that moves pixels. */
export type GeometryParameters = Pick<TrainParameters, 'affine' | 'flipRows' | 'flipColumns' | 'elastic'>;

/** Warps parts of fields of one shape, all alike. */
export interface SampleWarp {
  warpImage(image: RgbImage, options?: Pick<WarpOptions, 'region'>): RgbImage;
  warpLabels<T extends PixelArray>(labels: NdArray<T>, options?: Pick<WarpOptions, 'region'>): NdArray<T>;
}

/**
 * The warp that `parameters` describe for fields of `shape`, height and width first. An image is interpolated where an
 * elastic deformation asks for it; everything else takes the nearest pixel.
 *
 * @throws ArgumentError if a parameter is out of its range.
 */
export function createSampleWarp(shape: FieldShape, parameters: GeometryParameters): SampleWarp {
  const { affine, elastic, flipRows, flipColumns } = parameters;
  const matrix = mirrorMatrix(composeAffineMatrix(affine), { rows: flipRows, columns: flipColumns });
  const [height, width] = shape as [number, number];
  const displacement = elastic && drawDisplacement(createRandom(elastic.seed), [height, width], elastic);
  const shared = displacement ? { displacement } : {};
  const warpImage = elastic?.interpolation === 'bilinear' ? warpBilinear : warpNearest<Uint8Array>;
  return {
    warpImage: (image, options) => warpImage(image, matrix, { ...options, ...shared }),
    warpLabels: (labels, options) => warpNearest(labels, matrix, { ...options, ...shared }),
  };
}

/**
 * The whole patch as training sees it before its crops, filters and colours.
 *
 * @throws ArgumentError if a parameter is out of its range.
 */
export function warpSample(sample: LabelledImage, parameters: GeometryParameters): LabelledImage {
  const warp = createSampleWarp(sample.image.shape, parameters);
  return {
    image: warp.warpImage(sample.image),
    instanceMap: warp.warpLabels(sample.instanceMap),
    typeMap: warp.warpLabels(sample.typeMap),
  };
}
