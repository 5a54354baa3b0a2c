import { ArgumentError, createRgbImage, createTypeMap } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { centerBox, cropCenter } from '../src/region.js';
import { encodeOneHot } from '../src/collate-batch.js';
import { extractForeground } from '../src/assemble-sample.js';
import { labelMapOf } from './maps.js';

describe('extractForeground', () => {
  it('marks positive ids', () => {
    expect(Array.from(extractForeground(labelMapOf([[0, 1, 300, 0]])).data)).toEqual([0, 1, 1, 0]);
  });
});

describe('encodeOneHot', () => {
  it('gives one plane per class', () => {
    const planes = encodeOneHot(createTypeMap(1, 3, Uint8Array.from([0, 2, 1])), 3);
    expect(planes.shape).toEqual([3, 1, 3]);
    expect(Array.from(planes.data)).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0]);
  });

  it('refuses a class that has no plane', () => {
    expect(() => encodeOneHot(createTypeMap(1, 2, Uint8Array.from([0, 5])), 5)).toThrow(
      /classes 0 to 4, got 5 at pixel 1/,
    );
  });
});

describe('centre crops', () => {
  it.each([
    [540, 256, 142],
    [540, 164, 188],
    [540, 270, 135],
    [540, 80, 230],
    [127, 64, 31],
    [127, 51, 38],
  ])('start a crop of %i to %i at %i', (length, size, start) => {
    expect(centerBox([length, length], size)).toEqual([start, start, start + size, start + size]);
  });

  it('keep the whole axis where it is shorter', () => {
    const crop = cropCenter(createRgbImage(50, 80), [64, 60]);
    expect(crop.shape).toEqual([50, 60, 3]);
  });

  it('are views of the same memory', () => {
    const map = labelMapOf([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    const crop = cropCenter(map, 1);
    expect(crop.get(0, 0)).toBe(5);
    expect(crop.data).toBe(map.data);
  });

  it('refuse a size that is no positive integer', () => {
    expect(() => centerBox([10, 10], 0)).toThrow(ArgumentError);
    expect(() => centerBox([10, 10], 2.5)).toThrow(ArgumentError);
  });
});
