import { ArgumentError, createRandom, createRgbImage, ShapeError, toChannelFirst } from '@hovernet/core';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { addNoise, drawNoise } from '../src/add-noise.js';
import { filterMedian } from '../src/filter-median.js';
import { errorFunction, smoothGaussian, truncateToUint8 } from '../src/smooth-gaussian.js';
import { rgbImages, rowsOf } from './maps.js';

const constant = (height: number, width: number, level: number) =>
  createRgbImage(height, width, new Uint8Array(height * width * 3).fill(level));

describe('errorFunction', () => {
  it('agrees with tabulated values', () => {
    const table = [
      [0, 0],
      [0.1, 0.1124629160182849],
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [2, 0.9953222650189527],
      [3.5, 0.9999992569016276],
      [7, 1],
    ] as const;
    for (const [x, value] of table) {
      expect(errorFunction(x)).toBeCloseTo(value, 14);
      expect(errorFunction(-x)).toBeCloseTo(-value, 14);
    }
  });
});

describe('smoothGaussian', () => {
  it('darkens towards the border, since zeros lie outside', () => {
    const smooth = smoothGaussian(constant(5, 5, 100), { sigmaRowsPx: 0.5, sigmaColumnsPx: 0.8 });
    expect(smooth.get(2, 2, 0)).toBeCloseTo(99.8221, 4);
    expect(smooth.get(0, 0, 2)).toBeCloseTo(61.7554, 4);
  });

  it('blurs a point into the product of the taps of each axis, channel by channel', () => {
    const image = createRgbImage(5, 7);
    image.set(2, 3, 1, 200);
    const smooth = smoothGaussian(image, { sigmaRowsPx: 0.3, sigmaColumnsPx: 0.6 });
    const tap = (x: number, sigma: number) =>
      (errorFunction((x + 0.5) / (sigma * Math.SQRT2)) - errorFunction((x - 0.5) / (sigma * Math.SQRT2))) / 2;
    const green = rowsOf(toChannelFirst(smooth).data, 7, 1, 5);
    expect(green[2]![3]).toBeCloseTo(200 * tap(0, 0.3) * tap(0, 0.6), 4);
    expect(green[1]![5]).toBeCloseTo(200 * tap(1, 0.3) * tap(2, 0.6), 4);
    expect(green[2]![6]).toBe(0);
    expect(green[0]![3]).toBe(0);
    expect(smooth.get(2, 3, 0)).toBe(0);
  });

  it('blurs images smaller than its taps', () => {
    const smooth = smoothGaussian(constant(1, 1, 100), { sigmaRowsPx: 1, sigmaColumnsPx: 1 });
    expect(smooth.get(0, 0, 0)).toBeCloseTo(100 * 0.3829249 ** 2, 4);
  });

  it('refuses a standard deviation of 0', () => {
    expect(() => smoothGaussian(constant(2, 2, 1), { sigmaRowsPx: 0, sigmaColumnsPx: 1 })).toThrow(ArgumentError);
  });
});

describe('filterMedian', () => {
  it('takes the middle of nine values and repeats the edge', () => {
    const image = createRgbImage(3, 3);
    [9, 1, 8, 2, 7, 3, 6, 4, 5].forEach((level, pixel) => (image.data[pixel * 3] = level));
    expect(rowsOf(toChannelFirst(filterMedian(image)).data, 3, 0, 3)).toEqual([
      [7, 7, 7],
      [6, 5, 5],
      [6, 5, 5],
    ]);
  });

  it('equals sorting the neighbourhood', () => {
    fc.assert(
      fc.property(rgbImages, (image) => {
        const [height, width] = image.shape as [number, number];
        const actual = filterMedian(image);
        const clamp = (value: number, length: number) => Math.min(Math.max(value, 0), length - 1);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            for (let channel = 0; channel < 3; channel++) {
              const around = Array.from({ length: 9 }, (_, i) =>
                image.get(clamp(y + Math.floor(i / 3) - 1, height), clamp(x + (i % 3) - 1, width), channel),
              );
              expect(actual.get(y, x, channel)).toBe(around.sort((a, b) => a - b)[4]);
            }
          }
        }
      }),
    );
  });
});

describe('filterMedian of other sizes', () => {
  it.each([1, 5, 7])('equals sorting a square of %i pixels a side', (sizePx) => {
    const radius = sizePx >> 1;
    fc.assert(
      fc.property(rgbImages, (image) => {
        const [height, width] = image.shape as [number, number];
        const clamp = (index: number, length: number) => Math.min(Math.max(index, 0), length - 1);
        const actual = filterMedian(image, { sizePx });
        for (let i = 0; i < image.size; i++) {
          const [y, x, channel] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
          const around = Array.from({ length: sizePx ** 2 }, (_, k) => {
            const row = clamp(y + Math.floor(k / sizePx) - radius, height);
            return image.get(row, clamp(x + (k % sizePx) - radius, width), channel);
          });
          expect(actual.data[i]).toBe(around.sort((a, b) => a - b)[around.length >> 1]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('refuses even sizes', () => {
    expect(() => filterMedian(constant(3, 3, 1), { sizePx: 2 })).toThrow(/odd size in pixels, got 2/);
  });
});

describe('noise', () => {
  it('adds one plane to every channel, or each channel its own', () => {
    const image = createRgbImage(1, 2, Uint8Array.from([10, 20, 30, 40, 50, 60]));
    const plane = ndarray(Float32Array.from([0.5, -1]), [1, 2]);
    expect(Array.from(addNoise(image, plane).data)).toEqual([10.5, 20.5, 30.5, 39, 49, 59]);
    const full = ndarray(Float32Array.from([1, 2, 3, 4, 5, 6]), [1, 2, 3]);
    expect(Array.from(addNoise(image, full).data)).toEqual([11, 22, 33, 44, 55, 66]);
  });

  it('is the same for the same seed and has the asked deviation', () => {
    const noise = drawNoise(createRandom(4), [100, 100], 2).data;
    expect(drawNoise(createRandom(4), [100, 100], 2).data).toEqual(noise);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.sqrt(variance)).toBeGreaterThan(1.95);
    expect(Math.sqrt(variance)).toBeLessThan(2.05);
  });

  it('draws one plane for all channels where one is asked for', () => {
    expect(drawNoise(createRandom(4), [5, 6, 1], 2).shape).toEqual([5, 6]);
    expect(drawNoise(createRandom(4), [5, 6], 2).shape).toEqual([5, 6, 3]);
  });

  it('refuses noise of another size', () => {
    expect(() => addNoise(constant(2, 2, 0), ndarray(new Float32Array(6), [2, 3]))).toThrow(ShapeError);
  });
});

describe('truncateToUint8', () => {
  it('cuts fractions off and clips', () => {
    const image = ndarray(Float32Array.from([-3, -0.5, 0.99, 127.999, 255, 300]), [1, 2, 3]);
    expect(Array.from(truncateToUint8(image).data)).toEqual([0, 0, 0, 127, 255, 255]);
  });

  it('undoes a whole-valued float image', () => {
    fc.assert(
      fc.property(rgbImages, (image) => {
        const float = ndarray(Float32Array.from(image.data), image.shape);
        expect(truncateToUint8(float).data).toEqual(image.data);
      }),
    );
  });
});
