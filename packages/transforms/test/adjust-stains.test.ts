import { ArgumentError, createRgbImage, type RgbImage } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustStains, ruifrokStains, type StainAdjustment } from '../src/index.js';
import { rgbImages } from './maps.js';

const same: StainAdjustment = { scale: [1, 1, 1], shift: [0, 0, 0] };

const unit = (vector: readonly number[]) => vector.map((part) => part / Math.hypot(...vector));
const haematoxylin = unit(ruifrokStains.haematoxylin);
const eosin = unit(ruifrokStains.eosin);

/** The colour of glass under so much of each dye. */
const colorOf = (h: number, e: number) =>
  [0, 1, 2].map((channel) => 256 * 10 ** -(h * haematoxylin[channel]! + e * eosin[channel]!) - 1);

const pixel = (color: readonly number[]): RgbImage => createRgbImage(1, 1, Uint8Array.from(color, Math.round));

describe('adjustStains', () => {
  it('gives the same image for scales of 1 and shifts of 0', () => {
    fc.assert(
      fc.property(rgbImages, (image) => {
        expect(adjustStains(image, same).data).toEqual(image.data);
      }),
    );
    const levels = Uint8Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3));
    expect(adjustStains(createRgbImage(16, 16, levels), same).data).toEqual(levels);
  });

  it.each([
    ['haematoxylin', [1.5, 1, 1], [0, 0, 0], colorOf(0.6, 0.3)],
    ['eosin', [1, 0.5, 1], [0, 0, 0], colorOf(0.4, 0.15)],
    ['haematoxylin and eosin', [0, 2, 1], [0, 0, 0], colorOf(0, 0.6)],
    ['the shift of haematoxylin', [1, 1, 1], [0.1, 0, 0], colorOf(0.5, 0.3)],
    ['the shift of eosin', [1, 1, 1], [0, -0.2, 0], colorOf(0.4, 0.1)],
  ] as const)('changes %s and nothing else', (_name, scale, shift, expected) => {
    const changed = adjustStains(pixel(colorOf(0.4, 0.3)), { scale, shift });
    // The colour that goes in is rounded by half a level; twice as much of a dye doubles that error at most.
    expected.forEach((level, channel) => expect(Math.abs(changed.data[channel]! - level)).toBeLessThanOrEqual(2));
  });

  it('leaves white glass white under scales, and stains it under shifts', () => {
    const glass = pixel([255, 255, 255]);
    expect(Array.from(adjustStains(glass, { ...same, scale: [1.2, 0.8, 1.1] }).data)).toEqual([255, 255, 255]);
    const [red, green, blue] = adjustStains(glass, { ...same, shift: [0.1, 0, 0] }).data;
    colorOf(0.1, 0).forEach((level, channel) => expect([red, green, blue][channel]).toBe(Math.round(level)));
  });

  it('clips what leaves the range', () => {
    expect(Array.from(adjustStains(pixel([255, 255, 255]), { ...same, shift: [-1, -1, 0] }).data)).toEqual([
      255, 255, 255,
    ]);
    expect(Array.from(adjustStains(pixel([10, 10, 10]), { ...same, shift: [9, 9, 0] }).data)).toEqual([0, 0, 0]);
  });

  it('takes the colours of other dyes', () => {
    const stains = { haematoxylin: [1, 0, 0], eosin: [0, 1, 0] } as const;
    const changed = adjustStains(pixel([255, 63, 63]), { ...same, scale: [1, 0.5, 1] }, { stains });
    // 63 is a density of log 4; half of it is log 2.
    expect(Array.from(changed.data)).toEqual([255, 127, 63]);
  });

  it('refuses negative scales, numbers that are none, and dyes of one colour', () => {
    const image = pixel([1, 2, 3]);
    expect(() => adjustStains(image, { ...same, scale: [1, -1, 1] })).toThrow(ArgumentError);
    expect(() => adjustStains(image, { ...same, shift: [0, NaN, 0] })).toThrow(ArgumentError);
    const stains = { haematoxylin: [1, 1, 0], eosin: [2, 2, 0] } as const;
    expect(() => adjustStains(image, same, { stains })).toThrow(/dyes of different colours/);
    expect(() => adjustStains(image, same, { stains: { ...stains, eosin: [0, 0, 0] } })).toThrow(ArgumentError);
  });
});
