// 8-bit codes: number = scale · (code − zero point).
import type { ValueRange } from './choose-range.js';

/** How uint8 codes stand for numbers. */
export interface AffineCodes {
  /** Positive, a float32. */
  readonly scale: number;
  /** The code of 0, 0…255. */
  readonly zeroPoint: number;
}

const LARGEST_CODE = 255;
/** Smaller scales are subnormal, which processors may take for 0. */
export const SMALLEST_SCALE = 2 ** -126;

/** Codes that cover `range`, which includes 0 and has its exact code. A range of no width gets a scale of 1. */
export function affineCodes({ min, max }: ValueRange): AffineCodes {
  const scale = Math.fround((max - min) / LARGEST_CODE);
  if (scale < SMALLEST_SCALE) return { scale: 1, zeroPoint: 0 };
  return { scale, zeroPoint: Math.min(LARGEST_CODE, Math.max(0, Math.round(-min / scale))) };
}

/** The range that includes all of `ranges`. */
export function uniteRanges(ranges: readonly ValueRange[]): ValueRange {
  return { min: Math.min(0, ...ranges.map(({ min }) => min)), max: Math.max(0, ...ranges.map(({ max }) => max)) };
}

/** The nearest integer, the even one of two, as QuantizeLinear rounds. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
