// From the numbers that a value took to the range that its 8-bit codes shall cover.
import { UnsupportedError } from '@hovernet/core';
import type { ValueStatistics } from './value-statistics.js';

/** The least and the greatest number that codes stand for. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** Range by name of value. */
export type ValueRanges = ReadonlyMap<string, ValueRange>;

export interface RangeOptions {
  /**
   * - `minmax`: everything that was seen; one outlier makes all steps coarse.
   * - `percentile`: leaves out the rarest elements at each end.
   * - `mse`: the range of the least mean squared error, of rounding inside and clipping outside.
   * @default 'minmax'
   */
  readonly method?: 'minmax' | 'percentile' | 'mse';
  /** Per cent of the elements that `percentile` keeps at each end, above 50, up to 100. @default 99.99 */
  readonly percentile?: number;
}

/** Steps between codes, of which there are 256. */
const STEPS = 255;
/** Ranges that `mse` compares. */
const CANDIDATES = 64;
/** Elements by which it compares them. */
const COMPARED_ELEMENTS = 16384;

/**
 * The range for 8-bit codes of a value. It lies within what was seen and includes 0.
 * @throws UnsupportedError for numbers that are not finite, or a percentile out of range.
 */
export function chooseRange(statistics: ValueStatistics, options: RangeOptions = {}): ValueRange {
  const { method = 'minmax', percentile = 99.99 } = options;
  const { min, max, elements } = statistics;
  if (![min, max, elements].every((numbers) => numbers.every(Number.isFinite))) {
    throw new UnsupportedError('chooseRange: expected finite numbers, got others; check weights and samples');
  }
  if (!(percentile > 50 && percentile <= 100)) {
    throw new UnsupportedError(`chooseRange: expected a percentile above 50 and up to 100, got ${percentile}`);
  }
  const seen = { min: min.reduce((a, b) => Math.min(a, b), 0), max: max.reduce((a, b) => Math.max(a, b), 0) };
  if (method === 'minmax' || elements.length === 0) return seen;
  const sorted = elements.slice().sort();
  return method === 'mse' ? leastError(sorted, seen) : keepCentre(sorted, percentile, seen);
}

/** Cuts at the elements of rank `percentile` from either end; where nothing would be left, nothing is cut. */
function keepCentre(sorted: Float32Array, percentile: number, seen: ValueRange): ValueRange {
  // A little more, because 100 − 99.99 is not quite 0.01.
  const cut = Math.floor((sorted.length * (100 - percentile)) / 100 + 1e-6);
  const range = { min: Math.min(0, sorted[cut]!), max: Math.max(0, sorted[sorted.length - 1 - cut]!) };
  return range.min === range.max ? seen : range;
}

/** Shrinks both ends in proportion, step by step. */
function leastError(sorted: Float32Array, seen: ValueRange): ValueRange {
  const stride = Math.max(1, Math.floor(sorted.length / COMPARED_ELEMENTS));
  const compared = sorted.filter((_, i) => i % stride === 0);
  let best = seen;
  let least = Infinity;
  for (let candidate = CANDIDATES; candidate > 0; candidate--) {
    const range = { min: (seen.min * candidate) / CANDIDATES, max: (seen.max * candidate) / CANDIDATES };
    const error = squaredError(compared, range);
    if (error < least) [best, least] = [range, error];
  }
  return best;
}

function squaredError(elements: Float32Array, { min, max }: ValueRange): number {
  const step = (max - min) / STEPS || 1;
  let sum = 0;
  for (let i = 0; i < elements.length; i++) {
    const value = elements[i]!;
    const inside = Math.min(Math.max(value, min), max);
    const error = value - Math.round(inside / step) * step;
    sum += error * error;
  }
  return sum;
}
