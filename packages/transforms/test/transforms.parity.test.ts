import { createHash } from 'node:crypto';
import {
  copyArray,
  createLabelMap,
  createRgbImage,
  createTypeMap,
  flipView,
  toChannelFirst,
  type PixelArray,
  type RgbImage,
} from '@hovernet/core';
import { countDifferences, hasReference, maxDifference, readReferenceJson, readReferenceNpy } from '@hovernet/testing';
import ndarray, { type NdArray } from 'ndarray';
import { describe, expect, it } from 'vitest';
import { addNoise } from '../src/add-noise.js';
import { adjustBrightness, adjustContrast, adjustSaturation } from '../src/adjust-levels.js';
import { adjustHue } from '../src/adjust-hue.js';
import { composeAffineMatrix } from '../src/compose-affine-matrix.js';
import { centerBox, cropCenter } from '../src/region.js';
import { filterMedian } from '../src/filter-median.js';
import { relabelInstances } from '../src/index.js';
import { jitterColor, type ColorAdjustment } from '../src/jitter-color.js';
import { scaleIntensity } from '../src/assemble-sample.js';
import { smoothGaussian, truncateToUint8 } from '../src/smooth-gaussian.js';
import { warpNearest } from '../src/warp-fields.js';

interface Parameters {
  affine: {
    theta: number;
    shear: [number, number];
    translate_row_col: [number, number];
    scale: [number, number];
    matrix_output_to_input: number[][];
    differing_flat_indices: number[];
  }[];
  flip: { axis0_sha256_u8: string; axis1_sha256_u8: string; both_sha256_u8: string };
  gaussian_sigma_rows_cols: [number, number][];
  gaussian_cast_fragile_pixels: number;
  color: Record<ColorAdjustment['operation'], [number, number]>;
  jitter_order: ColorAdjustment['operation'][];
  center_crop: Record<string, { start: number; size: number }>;
}

const folder = 'golden/transforms';

const read = (name: string) => readReferenceNpy(`${folder}/${name}.npy`).data;

function planes(array: NdArray<PixelArray>): ArrayLike<number> {
  return toChannelFirst(array as NdArray<Float32Array>).data;
}

describe.skipIf(!hasReference(folder))('transforms against the reference', () => {
  const parameters = hasReference(folder)
    ? readReferenceJson<Parameters>(`${folder}/parameters.json`)
    : (undefined as never);
  const input = () => createRgbImage(128, 128, read('crop_image_u8') as Uint8Array<ArrayBuffer>);
  const expectImage = (actual: RgbImage, name: string) =>
    expect(countDifferences(planes(actual), read(name) as Uint8Array), name).toBe(0);

  it('composes the affine matrix, which the reference rounds to float32', () => {
    for (const item of parameters.affine) {
      const matrix = composeAffineMatrix({
        rotation: item.theta,
        shear: item.shear,
        translatePx: item.translate_row_col,
        scale: item.scale,
      });
      expect(maxDifference(matrix.flat(), item.matrix_output_to_input.flat()).value).toBeLessThan(1e-6);
    }
  });

  it('warps image, ids and classes exactly', () => {
    const ids = createLabelMap(128, 128, read('crop_inst') as Int32Array<ArrayBuffer>);
    const types = createTypeMap(128, 128, read('crop_type') as Uint8Array<ArrayBuffer>);
    for (const [index, item] of parameters.affine.entries()) {
      expect(item.differing_flat_indices).toEqual([]);
      const matrix = composeAffineMatrix({
        rotation: item.theta,
        shear: item.shear,
        translatePx: item.translate_row_col,
        scale: item.scale,
      });
      expectImage(warpNearest(input(), matrix), `affine${index}_image`);
      expect(countDifferences(warpNearest(ids, matrix).data, read(`affine${index}_inst`) as Int32Array)).toBe(0);
      expect(countDifferences(warpNearest(types, matrix).data, read(`affine${index}_type`) as Uint8Array)).toBe(0);
    }
  });

  it('mirrors exactly', () => {
    const hash = (image: RgbImage) => createHash('sha256').update(toChannelFirst(image).data).digest('hex');
    expect(hash(flipView(input(), 0))).toBe(parameters.flip.axis0_sha256_u8);
    expect(hash(flipView(input(), 1))).toBe(parameters.flip.axis1_sha256_u8);
    expect(hash(flipView(flipView(input(), 0), 1))).toBe(parameters.flip.both_sha256_u8);
  });

  it('smooths to 1e-6 of each value; the reference sums in float32', () => {
    for (const [index, [sigmaRowsPx, sigmaColumnsPx]] of parameters.gaussian_sigma_rows_cols.entries()) {
      const smooth = smoothGaussian(input(), { sigmaRowsPx, sigmaColumnsPx });
      const expected = read(`gaussian${index}`) as Float32Array;
      const ratios = Float64Array.from(planes(smooth), (value, i) => value / expected[i]!);
      expect(
        maxDifference(
          ratios,
          ratios.map(() => 1),
        ).value,
      ).toBeLessThan(1e-6);
    }
  });

  it('truncates the smoothed image as the reference but where its float32 value lies next to an integer', () => {
    const [sigmaRowsPx, sigmaColumnsPx] = parameters.gaussian_sigma_rows_cols[0]!;
    const actual = planes(truncateToUint8(smoothGaussian(input(), { sigmaRowsPx, sigmaColumnsPx })));
    const expected = read('gaussian0_cast_u8') as Uint8Array;
    expect(maxDifference(actual, expected).value).toBeLessThanOrEqual(1);
    expect(countDifferences(actual, expected)).toBeLessThanOrEqual(parameters.gaussian_cast_fragile_pixels);
  });

  it('filters with the median exactly', () => {
    expectImage(filterMedian(input()), 'median_r1');
  });

  it('adds given noise and truncates exactly', () => {
    const noise = ndarray(read('noise') as Float32Array, [128, 128]);
    expectImage(truncateToUint8(addNoise(input(), noise)), 'noise_cast_u8');
  });

  it.each([0, 1])('adjusts colours exactly (set %i)', (index) => {
    const { brightness, contrast, saturation, hue } = parameters.color;
    expectImage(adjustBrightness(input(), brightness[index]!), `brightness${index}`);
    expectImage(adjustContrast(input(), contrast[index]!), `contrast${index}`);
    expectImage(adjustSaturation(input(), saturation[index]!), `saturation${index}`);
    expectImage(adjustHue(input(), hue[index]!, { rounding: 'truncate255' }), `hue${index}`);
    expectImage(adjustHue(input(), hue[index]!, { rounding: 'scale255.999' }), `hue${index}_newer`);
  });

  it('applies the four colour steps in the given order exactly', () => {
    const steps = parameters.jitter_order.map((operation) => ({ operation, amount: parameters.color[operation][1] }));
    expectImage(jitterColor(input(), steps, { hueRounding: 'truncate255' }), 'jitter_sequence');
    expectImage(jitterColor(input(), steps, { hueRounding: 'scale255.999' }), 'jitter_sequence_newer');
  });

  it('scales to 0…1 exactly', () => {
    expect(countDifferences(scaleIntensity(input()).data, read('scaled') as Float32Array)).toBe(0);
  });

  it('relabels mirrored duplicates exactly', () => {
    const duplicated = createLabelMap(128, 128, read('dup_inst') as Int32Array<ArrayBuffer>);
    expect(countDifferences(relabelInstances(duplicated).data, read('dup_relabelled') as Int32Array)).toBe(0);
  });

  it('crops the centre where the reference does', () => {
    expectImage(copyArray(cropCenter(input(), [51, 64])), 'center_crop_51_64');
    for (const [name, { start, size }] of Object.entries(parameters.center_crop)) {
      const [length, wanted] = name.split('->').map(Number) as [number, number];
      expect(centerBox([length, length], wanted), name).toEqual([start, start, start + size, start + size]);
    }
  });
});
