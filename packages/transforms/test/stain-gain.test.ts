import { createRgbImage } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseGains, createDensityMeter, scaleDensities, type ChannelTriple } from '../src/index.js';
import { rgbImages } from './maps.js';

const density = (level: number) => -Math.log10((level + 1) / 256);
const pixels = (...colors: readonly (readonly number[])[]) =>
  createRgbImage(1, colors.length, Uint8Array.from(colors.flat()));

describe('createDensityMeter', () => {
  it('measures the mean density of tissue over all parts, and leaves glass out', () => {
    const meter = createDensityMeter();
    meter.add(pixels([120, 60, 140], [250, 250, 250]));
    meter.add(pixels([200, 100, 180]));
    expect(meter.count).toBe(2);
    const expected = [120, 60, 140].map((level, channel) => (density(level) + density([200, 100, 180][channel]!)) / 2);
    meter.mean()!.forEach((value, channel) => expect(value).toBeCloseTo(expected[channel]!, 12));
  });

  it('has no mean where there is glass alone', () => {
    const meter = createDensityMeter();
    meter.add(pixels([255, 255, 255], [240, 238, 241]));
    expect(meter.mean()).toBeNull();
  });

  it('measures the same however an image is cut', () => {
    const image = createRgbImage(
      2,
      3,
      Uint8Array.from({ length: 18 }, (_, i) => (i * 41) % 200),
    );
    const [whole, parts] = [createDensityMeter(), createDensityMeter()];
    whole.add(image);
    for (let y = 0; y < 2; y++) parts.add(createRgbImage(1, 3, image.data.slice(9 * y, 9 * y + 9)));
    expect(parts.mean()).toEqual(whole.mean());
  });
});

describe('chooseGains', () => {
  it.each([
    ['none', [1, 1, 1]],
    ['half', [1.5, 0.75, 1]],
    ['full', [2, 0.5, 1]],
  ] as const)('moves means to the reference: %s', (gain, expected) => {
    expect(chooseGains([0.1, 0.4, 0.2], [0.2, 0.2, 0.2], gain)).toEqual(expected);
  });
});

describe('scaleDensities', () => {
  it('multiplies the density of each channel', () => {
    const gains: ChannelTriple = [0.5, 1, 2];
    const scaled = scaleDensities(pixels([100, 100, 100]), gains);
    gains.forEach((gain, channel) =>
      expect(scaled.data[channel]).toBe(Math.round(256 * 10 ** (-gain * density(100)) - 1)),
    );
  });

  it('keeps white white, and an image with gains of 1 as it is', () => {
    expect([...scaleDensities(pixels([255, 255, 255]), [3, 0.2, 7]).data]).toEqual([255, 255, 255]);
    fc.assert(
      fc.property(rgbImages, (image) => {
        expect(scaleDensities(image, [1, 1, 1])).toEqual(createRgbImage(image.shape[0]!, image.shape[1]!, image.data));
      }),
    );
  });

  it('brings the mean density of an image to the reference', () => {
    const image = createRgbImage(
      8,
      8,
      Uint8Array.from({ length: 192 }, (_, i) => 60 + ((i * 37) % 120)),
    );
    const [before, after] = [createDensityMeter(), createDensityMeter()];
    before.add(image);
    const reference: ChannelTriple = [0.2, 0.3, 0.25];
    after.add(scaleDensities(image, chooseGains(before.mean()!, reference, 'full')));
    after.mean()!.forEach((value, channel) => expect(value).toBeCloseTo(reference[channel]!, 2));
  });
});
