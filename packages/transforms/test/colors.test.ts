import { ArgumentError, createLabelMap, createRgbImage, ShapeError, type RgbImage } from '@hovernet/core';
import { hashNoise, maxDifference } from '@hovernet/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustBrightness, adjustContrast, adjustSaturation, shiftBrightness } from '../src/adjust-levels.js';
import { adjustHue } from '../src/adjust-hue.js';
import { jitterColor } from '../src/jitter-color.js';
import { scaleIntensity } from '../src/assemble-sample.js';
import { rgbImages } from './maps.js';

const pixels = (...levels: number[]) => createRgbImage(1, levels.length / 3, Uint8Array.from(levels));

describe('colour steps', () => {
  it('brightens, truncates and clips', () => {
    expect(Array.from(adjustBrightness(pixels(10, 99, 250), 1.1).data)).toEqual([11, 108, 255]);
    expect(Array.from(adjustBrightness(pixels(10, 99, 250), 0).data)).toEqual([0, 0, 0]);
  });

  it('shifts brightness, truncates and clips', () => {
    expect(Array.from(shiftBrightness(pixels(10, 99, 250), 25.7).data)).toEqual([35, 124, 255]);
    expect(Array.from(shiftBrightness(pixels(10, 99, 250), -25.7).data)).toEqual([0, 73, 224]);
    expect(Array.from(shiftBrightness(pixels(10, 99, 250), 0).data)).toEqual([10, 99, 250]);
    expect(() => shiftBrightness(pixels(1, 2, 3), NaN)).toThrow(ArgumentError);
  });

  it('draws contrast towards the mean of truncated greys', () => {
    // Greys 99 (0.9999 · 100 truncated) and 199, mean 149.
    expect(Array.from(adjustContrast(pixels(100, 100, 100, 200, 200, 200), 0.5).data)).toEqual([
      124, 124, 124, 174, 174, 174,
    ]);
  });

  it('draws saturation towards the grey of each pixel', () => {
    // Grey of (200, 100, 0) is ⌊59.78 + 58.7⌋ = 118.
    expect(Array.from(adjustSaturation(pixels(200, 100, 0), 0).data)).toEqual([118, 118, 118]);
    expect(Array.from(adjustSaturation(pixels(200, 100, 0), 0.5).data)).toEqual([159, 109, 59]);
    expect(Array.from(adjustSaturation(pixels(200, 100, 0), 1.5).data)).toEqual([241, 91, 0]);
  });

  it('turns red to green to blue by thirds of the circle', () => {
    const third = 1 / 3;
    expect(maxDifference(adjustHue(pixels(255, 0, 0), third).data, [0, 255, 0]).value).toBeLessThanOrEqual(1);
    expect(maxDifference(adjustHue(pixels(0, 255, 0), third).data, [0, 0, 255]).value).toBeLessThanOrEqual(1);
    expect(maxDifference(adjustHue(pixels(255, 0, 0), -third).data, [0, 0, 255]).value).toBeLessThanOrEqual(1);
  });

  it('leaves greys alone whatever the turn, where colours are scaled by 255.999', () => {
    for (let level = 0; level < 256; level++) {
      expect(Array.from(adjustHue(pixels(level, level, level), 0.21).data)).toEqual([level, level, level]);
    }
  });

  it('changes nothing when the factor is 1 or the turn 0', () => {
    fc.assert(
      fc.property(rgbImages, (image) => {
        expect(adjustBrightness(image, 1).data).toEqual(image.data);
        expect(adjustContrast(image, 1).data).toEqual(image.data);
        expect(adjustSaturation(image, 1).data).toEqual(image.data);
        expect(maxDifference(adjustHue(image, 0).data, image.data).value).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keeps the largest and the smallest channel value under a turn of hue', () => {
    fc.assert(
      fc.property(rgbImages, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (image, turn) => {
        const turned = adjustHue(image, turn).data;
        for (let i = 0; i < turned.length; i += 3) {
          const before = image.data.subarray(i, i + 3);
          const after = turned.subarray(i, i + 3);
          expect(Math.abs(Math.max(...after) - Math.max(...before))).toBeLessThanOrEqual(1);
          expect(Math.abs(Math.min(...after) - Math.min(...before))).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('applies jitter in the given order', () => {
    const image = pixels(200, 100, 50);
    const steps = [
      { operation: 'brightness', amount: 1.5 },
      { operation: 'saturation', amount: 0.5 },
    ] as const;
    const expected = adjustSaturation(adjustBrightness(image, 1.5), 0.5).data;
    expect(jitterColor(image, steps).data).toEqual(expected);
    expect(jitterColor(image, [steps[1], steps[0]]).data).not.toEqual(expected);
  });

  it('refuses negative factors and turns of more than half a circle', () => {
    expect(() => adjustBrightness(pixels(1, 2, 3), -0.1)).toThrow(ArgumentError);
    expect(() => adjustHue(pixels(1, 2, 3), 0.51)).toThrow(ArgumentError);
    expect(() => adjustContrast(createLabelMap(2, 2) as never, 1)).toThrow(ShapeError);
  });
});

describe('scaleIntensity', () => {
  it('gives planes between 0 and 1', () => {
    const planes = scaleIntensity(pixels(0, 51, 102, 255, 204, 153));
    expect(planes.shape).toEqual([3, 1, 2]);
    expect(Array.from(planes.data)).toEqual([0, 1, 0.2, 0.8, 0.4, 0.6].map(Math.fround));
  });
});

describe('colour steps on noise', () => {
  // Made with this package when it equalled torchvision on every value of a tissue image.
  const noise = createRgbImage(2, 4);
  for (let i = 0; i < noise.size; i++) noise.data[i] = 128 + 127 * hashNoise(i, 3);
  const rows = (image: RgbImage) =>
    Array.from({ length: 8 }, (_, i) => Array.from(image.data.subarray(3 * i, 3 * i + 3)).join(' '));

  it('reproduces hue with both roundings', () => {
    expect(rows(adjustHue(noise, -0.04, { rounding: 'truncate255' }))).toMatchInlineSnapshot(`
      [
        "224 136 68",
        "27 184 132",
        "54 90 212",
        "4 96 47",
        "163 252 227",
        "107 174 121",
        "102 59 241",
        "222 38 65",
      ]
    `);
    expect(rows(adjustHue(noise, -0.04, { rounding: 'scale255.999' }))).toMatchInlineSnapshot(`
      [
        "224 137 68",
        "27 184 132",
        "55 91 212",
        "5 96 47",
        "163 252 228",
        "107 174 122",
        "102 60 241",
        "222 38 65",
      ]
    `);
  });

  it('reproduces contrast and saturation', () => {
    expect(rows(adjustContrast(noise, 1.1))).toMatchInlineSnapshot(`
      [
        "233 178 61",
        "16 189 174",
        "49 47 220",
        "0 92 63",
        "166 255 255",
        "104 178 138",
        "147 53 252",
        "231 47 28",
      ]
    `);
    expect(rows(adjustSaturation(noise, 0.8))).toMatchInlineSnapshot(`
      [
        "214 174 89",
        "48 174 163",
        "60 58 184",
        "17 89 68",
        "175 246 244",
        "115 169 140",
        "138 69 214",
        "198 64 50",
      ]
    `);
  });
});
