import { describe, expect, it } from 'vitest';
import {
  createHoverMaps,
  createLabelMap,
  createPlanes,
  createRgbImage,
  createTypeMap,
  ShapeError,
} from '../src/index.js';

describe('makers of arrays', () => {
  it.each([
    ['createRgbImage', createRgbImage(2, 3), [2, 3, 3], Uint8Array],
    ['createLabelMap', createLabelMap(2, 3), [2, 3], Int32Array],
    ['createTypeMap', createTypeMap(2, 3), [2, 3], Uint8Array],
    ['createHoverMaps', createHoverMaps(2, 3), [2, 2, 3], Float32Array],
    ['createPlanes', createPlanes(5, 2, 3), [5, 2, 3], Float32Array],
  ])('%s gives zeros of the shape and type', (_name, array, shape, Constructor) => {
    expect(array.shape).toEqual(shape);
    expect(array.data).toEqual(new Constructor(shape.reduce((product, length) => product * length)));
  });

  it('lay the elements out in C order', () => {
    const hover = createHoverMaps(
      2,
      3,
      Float32Array.from({ length: 12 }, (_, index) => index),
    );
    expect(hover.get(0, 1, 2)).toBe(5);
    expect(hover.get(1, 0, 0)).toBe(6);
    const image = createRgbImage(2, 1, Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(image.get(1, 0, 2)).toBe(6);
  });

  it('wrap the given elements without copying', () => {
    const data = new Int32Array(4);
    const map = createLabelMap(2, 2, data);
    map.set(1, 0, 7);
    expect(map.data).toBe(data);
    expect([...data]).toEqual([0, 0, 7, 0]);
  });

  it('make empty arrays', () => {
    expect(createLabelMap(0, 5).shape).toEqual([0, 5]);
    expect(createPlanes(0, 2, 2).size).toBe(0);
  });

  it('refuse elements that are too few or too many', () => {
    expect(() => createRgbImage(2, 2, new Uint8Array(4))).toThrow(
      new ShapeError('createRgbImage: data', '12 elements of uint8 for [2, 2, 3]', '4 of uint8'),
    );
    expect(() => createTypeMap(1, 1, new Uint8Array(2))).toThrow('createTypeMap: data: expected 1 elements');
  });

  it('refuse elements of another type', () => {
    const bytes = new Uint8Array(4) as unknown as Int32Array;
    expect(() => createLabelMap(2, 2, bytes)).toThrow(
      'createLabelMap: data: expected 4 elements of int32 for [2, 2], got 4 of uint8',
    );
  });

  it.each([
    [-1, 5],
    [-1, -5],
    [2.5, 2],
    [NaN, 2],
    [Infinity, 0],
  ])('refuse a height of %d and a width of %d', (height, width) => {
    expect(() => createLabelMap(height, width)).toThrow(ShapeError);
    expect(() => createLabelMap(height, width)).toThrow(
      `createLabelMap: expected lengths that are integers of at least 0, got [${height}, ${width}]`,
    );
  });
});
