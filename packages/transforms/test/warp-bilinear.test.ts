import { copyArray, createRandom, createRgbImage, cropView, ShapeError, type Box } from '@hovernet/core';
import { countDifferences } from '@hovernet/testing';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { createScene } from '../bench/scene.js';
import { identityMatrix, type AffineMatrix } from '../src/compose-affine-matrix.js';
import { drawDisplacement } from '../src/draw-displacement.js';
import { warpBilinear, warpNearest } from '../src/warp-fields.js';
import { warpSample } from '../src/warp-sample.js';

const { image, instanceMap, typeMap } = createScene(60, 8);
const matrix: AffineMatrix = [
  [0.9, -0.3, 2.3],
  [0.3, 1.1, -4.1],
  [0, 0, 1],
];
const displacement = drawDisplacement(createRandom(2), [60, 60], { sigmaPx: 6, alphaPx: 3 });

describe('warpBilinear', () => {
  it('leaves an image as it is under the identity', () => {
    expect(countDifferences(warpBilinear(image, identityMatrix).data, image.data)).toBe(0);
  });

  it('mixes neighbours by their distance, zeros outside', () => {
    const small = createRgbImage(1, 3);
    [40, 100, 200].forEach((level, x) => small.set(0, x, 1, level));
    const shift = (rows: number, columns: number): AffineMatrix => [
      [1, 0, rows],
      [0, 1, columns],
      [0, 0, 1],
    ];
    const greens = (warp: AffineMatrix) => [0, 1, 2].map((x) => warpBilinear(small, warp).get(0, x, 1));
    expect(greens(shift(0, 0.25))).toEqual([55, 125, 150]);
    expect(greens(shift(0, -0.5))).toEqual([20, 70, 150]);
    expect(greens(shift(0.5, 0))).toEqual([20, 50, 100]);
    expect(greens(shift(-0.75, 0))).toEqual([10, 25, 50]);
    expect(greens(shift(0, 3))).toEqual([0, 0, 0]);
  });

  it('equals the nearest neighbour where sources lie on pixels', () => {
    const turn: AffineMatrix = [
      [0, 1, 0],
      [-1, 0, 0],
      [0, 0, 1],
    ];
    expect(countDifferences(warpBilinear(image, turn).data, warpNearest(image, turn).data)).toBe(0);
  });

  it.each([warpBilinear, warpNearest<Uint8Array>])('computes a region as a part of the whole (%o)', (warp) => {
    const region: Box = [7, 11, 40, 31];
    const part = warp(image, matrix, { region, displacement });
    const whole = warp(image, matrix, { displacement });
    expect(part.data).toEqual(copyArray(cropView(whole, region)).data);
  });
});

describe('a displacement', () => {
  it('takes each pixel from where it points', () => {
    const still = ndarray(new Float32Array(2 * 60 * 60), [2, 60, 60]);
    expect(warpNearest(instanceMap, matrix, { displacement: still }).data).toEqual(
      warpNearest(instanceMap, matrix).data,
    );
    still.set(0, 20, 30, -5);
    still.set(1, 20, 30, 3);
    const warped = warpNearest(instanceMap, identityMatrix, { displacement: still });
    const expected = copyArray(instanceMap);
    expected.set(20, 30, instanceMap.get(15, 33));
    expect(warped.data).toEqual(expected.data);
  });

  it('is applied after the affine map: the matrix acts on the displaced pixel', () => {
    const warped = warpNearest(instanceMap, matrix, { displacement });
    const at = (y: number, x: number) => {
      const [row, column] = [y + displacement.get(0, y, x) - 29.5, x + displacement.get(1, y, x) - 29.5];
      const source = matrix.map(([a, b, c]) => Math.round(a * row + b * column + c + 29.5));
      const inside = source.slice(0, 2).every((index) => index >= 0 && index < 60);
      return inside ? instanceMap.get(source[0]!, source[1]!) : 0;
    };
    for (let y = 0; y < 60; y += 7) for (let x = 0; x < 60; x += 5) expect(warped.get(y, x)).toBe(at(y, x));
  });

  it('of another size is refused', () => {
    const small = ndarray(new Float32Array(2 * 9), [2, 3, 3]);
    expect(() => warpNearest(image, matrix, { displacement: small })).toThrow(ShapeError);
    expect(() => warpBilinear(image, matrix, { displacement: small })).toThrow(/displacement: expected \[2, 60, 60\]/);
  });
});

describe('warpSample', () => {
  const affine = { rotation: 0.4, shear: [0, 0], translatePx: [1, 2], scale: [1.1, 0.9] } as const;
  const elastic = { sigmaPx: 6, alphaPx: 3, seed: 4, interpolation: 'nearest' } as const;

  it('moves image, ids and classes by one and the same field', () => {
    // Where all three come from one source pixel, an image that encodes the ids keeps saying what they are.
    const encoded = createRgbImage(60, 60);
    for (let i = 0; i < 3600; i++) {
      encoded.data[3 * i] = instanceMap.data[i]!;
      encoded.data[3 * i + 1] = typeMap.data[i]!;
    }
    const sample = { image: encoded, instanceMap, typeMap };
    const warped = warpSample(sample, { affine, elastic, flipRows: true, flipColumns: false });
    const plain = warpSample(sample, { affine, flipRows: true, flipColumns: false });
    expect(warped.instanceMap.data).not.toEqual(plain.instanceMap.data);
    for (let i = 0; i < 3600; i++) {
      expect(warped.image.data[3 * i]).toBe(warped.instanceMap.data[i]);
      expect(warped.image.data[3 * i + 1]).toBe(warped.typeMap.data[i]);
    }
  });

  it('interpolates the image alone, and only where that is asked for', () => {
    const parameters = { affine, flipRows: false, flipColumns: true };
    const sample = { image, instanceMap, typeMap };
    const nearest = warpSample(sample, { ...parameters, elastic });
    const bilinear = warpSample(sample, { ...parameters, elastic: { ...elastic, interpolation: 'bilinear' } });
    expect(bilinear.instanceMap.data).toEqual(nearest.instanceMap.data);
    expect(bilinear.typeMap.data).toEqual(nearest.typeMap.data);
    expect(bilinear.image.data).not.toEqual(nearest.image.data);
  });
});
