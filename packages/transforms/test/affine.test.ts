import { ArgumentError, copyArray, createLabelMap, createPlanes, createRgbImage, flipView } from '@hovernet/core';
import { hashNoise, maxDifference } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { composeAffineMatrix, identityMatrix, mirrorMatrix } from '../src/compose-affine-matrix.js';
import { warpNearest } from '../src/warp-fields.js';
import { labelMapOf, rowsOf } from './maps.js';

const parameters = {
  rotation: 0.3,
  shear: [0.02, -0.03],
  translatePx: [1.5, -2],
  scale: [1.1, 0.9],
} as const;

const noiseImage = (height: number, width: number) => {
  const image = createRgbImage(height, width);
  for (let i = 0; i < image.size; i++) image.data[i] = 128 + 127 * hashNoise(i, 5);
  return image;
};

describe('composeAffineMatrix', () => {
  it('multiplies rotation, shear, translation and scale in this order', () => {
    const expected = [1.0606223, -0.2487722, 1.9991302, 0.2935462, 0.8651222, -1.5222037, 0, 0, 1];
    const matrix = composeAffineMatrix(parameters);
    expect(maxDifference(matrix.flat(), expected).value).toBeLessThan(1e-6);
  });

  it('gives the identity for neutral parameters', () => {
    const neutral = { rotation: 0, shear: [0, 0], translatePx: [0, 0], scale: [1, 1] } as const;
    expect(maxDifference(composeAffineMatrix(neutral).flat(), identityMatrix.flat()).value).toBe(0);
  });

  it('refuses a scale of 0 and values that are not finite', () => {
    expect(() => composeAffineMatrix({ ...parameters, scale: [1, 0] })).toThrow(ArgumentError);
    expect(() => composeAffineMatrix({ ...parameters, rotation: NaN })).toThrow(ArgumentError);
  });
});

describe('warpNearest', () => {
  it('moves content against the translation and fills with zeros', () => {
    const map = labelMapOf([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    const shifted = warpNearest(map, [
      [1, 0, 1],
      [0, 1, -1],
      [0, 0, 1],
    ]);
    expect(rowsOf(shifted.data, 3)).toEqual([
      [0, 4, 5],
      [0, 7, 8],
      [0, 0, 0],
    ]);
  });

  it('rounds halves to even', () => {
    const half = warpNearest(labelMapOf([[1, 2, 3, 4, 5]]), [
      [1, 0, 0],
      [0, 1, 0.5],
      [0, 0, 1],
    ]);
    expect(Array.from(half.data)).toEqual([1, 3, 3, 5, 5]);
  });

  it('shrinks with a scale above 1', () => {
    const map = labelMapOf([[1, 2, 3, 4, 5]]);
    const shrunk = warpNearest(map, [
      [1, 0, 0],
      [0, 2, 0],
      [0, 0, 1],
    ]);
    expect(Array.from(shrunk.data)).toEqual([0, 1, 3, 5, 0]);
  });

  it('turns by a quarter about the centre', () => {
    const quarter = { rotation: Math.PI / 2, shear: [0, 0], translatePx: [0, 0], scale: [1, 1] } as const;
    const map = labelMapOf([
      [1, 2],
      [3, 4],
    ]);
    expect(rowsOf(warpNearest(map, composeAffineMatrix(quarter)).data, 2)).toEqual([
      [3, 1],
      [4, 2],
    ]);
  });

  it('leaves everything in place under the identity', () => {
    const image = noiseImage(7, 10);
    const warped = warpNearest(image, identityMatrix);
    expect(warped.data).toEqual(image.data);
    expect(warped.shape).toEqual([7, 10, 3]);
  });

  it('computes a region as a part of the whole', () => {
    const image = noiseImage(20, 30);
    const matrix = composeAffineMatrix(parameters);
    const whole = warpNearest(image, matrix);
    const part = warpNearest(image, matrix, { region: [4, 6, 19, 17] });
    expect(part.shape).toEqual([11, 15, 3]);
    expect(part.data).toEqual(copyArray(whole.lo(6, 4).hi(11, 15)).data);
  });

  it('mirrors within the warp as after it', () => {
    const image = noiseImage(21, 30);
    const matrix = composeAffineMatrix(parameters);
    const warped = warpNearest(image, matrix);
    const mirrored = (rows: boolean, columns: boolean) => warpNearest(image, mirrorMatrix(matrix, { rows, columns }));
    expect(mirrored(true, false).data).toEqual(copyArray(flipView(warped, 0)).data);
    expect(mirrored(false, true).data).toEqual(copyArray(flipView(warped, 1)).data);
    expect(mirrored(true, true).data).toEqual(copyArray(flipView(flipView(warped, 0), 1)).data);
  });

  it('refuses a region outside the field', () => {
    expect(() => warpNearest(createLabelMap(4, 4), identityMatrix, { region: [0, 0, 5, 4] })).toThrow(ArgumentError);
  });

  it('refuses planes of rank 1', () => {
    expect(() => warpNearest(createPlanes(1, 1, 4).pick(0, 0, null), identityMatrix)).toThrow('warpNearest');
  });
});
