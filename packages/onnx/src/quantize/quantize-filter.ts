// Filters as int8 codes with one scale for each output channel, and biases in the scale of the products.
import { roundHalfEven, SMALLEST_SCALE } from './affine-codes.js';

/** A convolution's constants, `[outChannels, …]` and `[outChannels]`. */
export interface FloatFilter {
  readonly filter: ArrayLike<number>;
  readonly bias: ArrayLike<number> | undefined;
  readonly outChannels: number;
}

export interface FilterOptions {
  /** Scale of the codes that the filter is multiplied with. */
  readonly inputScale: number;
  /** Codes are within ±63 (7 bits) or ±127 (8). */
  readonly bits: 7 | 8;
}

export interface QuantizedFilter {
  readonly codes: Int8Array;
  /** Of the filter, by output channel. */
  readonly scales: Float32Array;
  /** In units of inputScale · scale of the channel. */
  readonly bias: Int32Array;
}

/** Of the int32 sums that a bias may fill; the rest is left to the products. */
const LARGEST_BIAS = 2 ** 30;
/** A channel without weights is a constant; these steps of it are fine enough. */
const CONSTANT_STEPS = 2 ** 20;

/** Symmetric codes: 0 stays 0, and the largest weight of a channel has the largest code. */
export function quantizeFilter(
  { filter, bias, outChannels }: FloatFilter,
  { inputScale, bits }: FilterOptions,
): QuantizedFilter {
  const largestCode = bits === 7 ? 63 : 127;
  const taps = filter.length / outChannels;
  const codes = new Int8Array(filter.length);
  const scales = new Float32Array(outChannels);
  const biasCodes = new Int32Array(outChannels);
  for (let channel = 0; channel < outChannels; channel++) {
    const first = channel * taps;
    let largest = 0;
    for (let i = first; i < first + taps; i++) largest = Math.max(largest, Math.abs(filter[i]!));
    const offset = bias?.[channel] ?? 0;
    const smallest = Math.abs(offset) / inputScale / (largest > 0 ? LARGEST_BIAS : CONSTANT_STEPS);
    const needed = Math.max(largest / largestCode, smallest);
    const scale = needed === 0 ? 1 : Math.fround(Math.max(needed, SMALLEST_SCALE));
    for (let i = first; i < first + taps; i++) codes[i] = roundHalfEven(filter[i]! / scale);
    scales[channel] = scale;
    biasCodes[channel] = roundHalfEven(offset / (inputScale * scale));
  }
  return { codes, scales, bias: biasCodes };
}
