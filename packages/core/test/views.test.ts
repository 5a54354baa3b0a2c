import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import {
  ArgumentError,
  copyArray,
  createLabelMap,
  createPlanes,
  createRgbImage,
  cropView,
  flipView,
  isContiguous,
  planeView,
  ShapeError,
  toChannelFirst,
  toChannelLast,
  toContiguous,
} from '../src/index.js';

/** 0, 1, 2, … as a label map. */
const counting = (height: number, width: number) =>
  createLabelMap(
    height,
    width,
    Int32Array.from({ length: height * width }, (_, index) => index),
  );

describe('isContiguous', () => {
  const map = counting(4, 5);
  const stack = ndarray(new Float32Array(60), [3, 4, 5]);

  it.each([
    ['a whole map', map, true],
    ['whole rows at an offset', cropView(map, [0, 1, 5, 3]), true],
    ['one row', cropView(map, [1, 2, 4, 3]), true],
    ['one column', cropView(map, [1, 0, 2, 4]), false],
    ['the middle of the rows', cropView(map, [1, 0, 4, 4]), false],
    ['rows upside down', flipView(map, 0), false],
    ['one row upside down', flipView(cropView(map, [0, 2, 5, 3]), 0), true],
    ['columns mirrored', flipView(map, 1), false],
    ['every other row', map.step(2), false],
    ['a transposed map', map.transpose(1, 0), false],
    ['one transposed column of a map of width 1', counting(4, 1).transpose(1, 0), true],
    ['a plane', planeView(stack, 2), true],
    ['a channel of an image', createRgbImage(2, 2).pick(null, null, 1), false],
    ['an empty map', createLabelMap(0, 5), true],
  ])('%s', (_name, array, expected) => {
    expect(isContiguous(array)).toBe(expected);
  });
});

describe('toContiguous', () => {
  it('gives the very array where nothing is cut off', () => {
    const map = counting(2, 3);
    expect(toContiguous(map)).toBe(map.data);
  });

  it('shares memory with whole rows at an offset', () => {
    const map = counting(4, 3);
    const rows = toContiguous(cropView(map, [0, 1, 3, 3]));
    expect([...rows]).toEqual([3, 4, 5, 6, 7, 8]);
    map.set(1, 0, 99);
    expect(rows[0]).toBe(99);
  });

  it('cuts off what the memory holds beyond the array', () => {
    const map = ndarray(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 2]);
    expect([...toContiguous(map)]).toEqual([1, 2, 3, 4]);
  });

  it('copies what is not contiguous', () => {
    const map = counting(2, 3);
    const columns = toContiguous(map.transpose(1, 0));
    expect([...columns]).toEqual([0, 3, 1, 4, 2, 5]);
    columns[0] = 99;
    expect(map.get(0, 0)).toBe(0);
  });

  it('gives no elements of an empty view', () => {
    expect(toContiguous(flipView(createLabelMap(0, 5), 0))).toEqual(new Int32Array(0));
  });
});

describe('copyArray', () => {
  it('is contiguous, of the same type and shares nothing', () => {
    const map = counting(3, 4);
    const copy = copyArray(cropView(map, [1, 1, 3, 3]));
    expect(copy.shape).toEqual([2, 2]);
    expect(copy.data).toEqual(Int32Array.of(5, 6, 9, 10));
    copy.set(0, 0, 99);
    expect(map.get(1, 1)).toBe(5);
  });

  it('copies a whole contiguous array too', () => {
    const map = counting(2, 2);
    const copy = copyArray(map);
    copy.set(0, 0, 99);
    copy.shape[0] = 1;
    expect([map.get(0, 0), map.shape[0]]).toEqual([0, 2]);
  });

  it('makes plain bytes of a Buffer', () => {
    const image = createRgbImage(1, 2, Buffer.from([1, 2, 3, 4, 5, 6]));
    const { data } = copyArray(image);
    expect(Buffer.isBuffer(data)).toBe(false);
    expect(data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
  });
});

describe('cropView', () => {
  it('shows the half-open box and shares memory', () => {
    const map = counting(3, 4);
    const crop = cropView(map, [1, 0, 3, 2]);
    expect(crop.shape).toEqual([2, 2]);
    expect([...toContiguous(crop)]).toEqual([1, 2, 5, 6]);
    crop.set(1, 1, 99);
    expect(map.get(1, 2)).toBe(99);
  });

  it('keeps the channels of an image', () => {
    const image = createRgbImage(3, 4);
    image.set(2, 3, 1, 77);
    const crop = cropView(image, [3, 2, 4, 3]);
    expect(crop.shape).toEqual([1, 1, 3]);
    expect([...toContiguous(crop)]).toEqual([0, 77, 0]);
  });

  it('crops a crop', () => {
    const crop = cropView(cropView(counting(5, 5), [1, 1, 5, 5]), [1, 2, 2, 4]);
    expect([...toContiguous(crop)]).toEqual([17, 22]);
  });

  it.each<[string, [number, number, number, number]]>([
    ['is empty', [1, 1, 1, 2]],
    ['is inside out', [2, 0, 1, 3]],
    ['starts left of the map', [-1, 0, 2, 2]],
    ['ends right of it', [0, 0, 5, 2]],
    ['ends below it', [0, 0, 4, 4]],
    ['cuts pixels', [0.5, 0, 2, 2]],
    ['is no number', [NaN, 0, 2, 2]],
  ])('refuses a box that %s', (_name, box) => {
    expect(() => cropView(counting(3, 4), box)).toThrow(
      new ArgumentError(`cropView: expected a box of whole pixels inside 4×3 (width×height), got [${box.join(', ')})`),
    );
  });
});

describe('flipView', () => {
  it('mirrors rows or columns of an image and keeps its channels', () => {
    const image = createRgbImage(2, 2, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    expect([...toContiguous(flipView(image, 0))]).toEqual([7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]);
    expect([...toContiguous(flipView(image, 1))]).toEqual([4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]);
  });

  it('shares memory', () => {
    const map = counting(2, 3);
    flipView(map, 1).set(0, 0, 99);
    expect(map.get(0, 2)).toBe(99);
  });
});

describe('planeView', () => {
  const planes = createPlanes(
    2,
    2,
    3,
    Float32Array.from({ length: 12 }, (_, index) => index),
  );

  it('shows one channel and shares memory', () => {
    const plane = planeView(planes, 1);
    expect(plane.shape).toEqual([2, 3]);
    expect(toContiguous(plane)).toEqual(Float32Array.of(6, 7, 8, 9, 10, 11));
    expect(toContiguous(plane).buffer).toBe(planes.data.buffer);
  });

  it('refuses a channel that is not there, or is no index', () => {
    expect(() => planeView(planes, 2)).toThrow(
      new ShapeError('planeView', '[channels > 2, height, width]', '[2, 2, 3]'),
    );
    expect(() => planeView(planes, -1)).toThrow(ArgumentError);
    expect(() => planeView(planes, 0.5)).toThrow(ArgumentError);
    expect(() => planeView(counting(2, 3), 0)).toThrow('planeView: expected [channels > 0, height, width], got [2, 3]');
  });
});

describe('toChannelFirst and toChannelLast', () => {
  it('reorder the elements into copies', () => {
    const image = createRgbImage(1, 2, Uint8Array.of(1, 2, 3, 4, 5, 6));
    const planes = toChannelFirst(image);
    expect(planes.shape).toEqual([3, 1, 2]);
    expect(planes.data).toEqual(Uint8Array.of(1, 4, 2, 5, 3, 6));
    planes.set(0, 0, 0, 99);
    expect(image.get(0, 0, 0)).toBe(1);
    expect(toChannelLast(planes).data).toEqual(Uint8Array.of(99, 2, 3, 4, 5, 6));
  });

  it('refuse arrays that have not three axes', () => {
    expect(() => toChannelFirst(counting(2, 3))).toThrow(
      new ShapeError('toChannelFirst', '[height, width, channels]', '[2, 3]'),
    );
    expect(() => toChannelLast(counting(2, 3))).toThrow(
      new ShapeError('toChannelLast', '[channels, height, width]', '[2, 3]'),
    );
  });
});
