// Stain gain: an image whose stains are stronger or weaker than a network knows, brought towards what it knows by one factor
// for the optical density of each channel.
import { assertRgbImage, createRgbImage, toContiguous, type RgbImage } from '@hovernet/core';
import { densities, toLevel } from './optical-density.js';

/** One number for red, green and blue. */
export type ChannelTriple = readonly [red: number, green: number, blue: number];

/** How far the mean densities of an image move towards those of the reference. */
export const stainGains = ['none', 'half', 'full'] as const;
export type StainGain = (typeof stainGains)[number];

/** Mean optical density (base 10) from which on a pixel counts as tissue; glass has less. */
const tissueDensity = 0.065;

/** Collects the optical density of tissue over the parts of an image. */
export interface DensityMeter {
  /** Adds the tissue of `image`. */
  add(image: RgbImage): void;
  /** Number of tissue pixels so far. */
  readonly count: number;
  /** Mean optical density (base 10) of the tissue in each channel; null where there is none. */
  mean(): ChannelTriple | null;
}

/** A meter that has seen nothing. Tissue: pixels whose density, averaged over the channels, is at least 0.065. */
export function createDensityMeter(): DensityMeter {
  const sums = new Float64Array(3);
  let count = 0;
  return {
    add(image) {
      assertRgbImage('DensityMeter.add', image);
      const levels = toContiguous(image);
      for (let i = 0; i < levels.length; i += 3) {
        const red = densities[levels[i]!]!;
        const green = densities[levels[i + 1]!]!;
        const blue = densities[levels[i + 2]!]!;
        if (red + green + blue < 3 * tissueDensity) continue;
        sums[0]! += red;
        sums[1]! += green;
        sums[2]! += blue;
        count++;
      }
    },
    get count() {
      return count;
    },
    mean: () => (count === 0 ? null : [sums[0]! / count, sums[1]! / count, sums[2]! / count]),
  };
}

/** The factor of each channel's density that moves `mean` to `reference`, or half way there; 1 for `none`. */
export function chooseGains(mean: ChannelTriple, reference: ChannelTriple, gain: StainGain): ChannelTriple {
  const share = { none: 0, half: 0.5, full: 1 }[gain];
  const factor = (channel: number) => 1 + share * (reference[channel]! / mean[channel]! - 1);
  return [factor(0), factor(1), factor(2)];
}

/** New image whose optical densities are multiplied by `gains`, clipped and rounded to the nearest level. White stays white. */
export function scaleDensities(image: RgbImage, gains: ChannelTriple): RgbImage {
  assertRgbImage('scaleDensities', image);
  const [height, width] = image.shape as [number, number];
  const tables = gains.map((gain) => Uint8ClampedArray.from(densities, (density) => toLevel(gain * density)));
  const [reds, greens, blues] = tables as [Uint8ClampedArray, Uint8ClampedArray, Uint8ClampedArray];
  const source = toContiguous(image);
  const output = new Uint8Array(source.length);
  for (let i = 0; i < source.length; i += 3) {
    output[i] = reds[source[i]!]!;
    output[i + 1] = greens[source[i + 1]!]!;
    output[i + 2] = blues[source[i + 2]!]!;
  }
  return createRgbImage(height, width, output);
}
