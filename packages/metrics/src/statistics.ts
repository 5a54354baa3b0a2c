// Means, quantiles and bootstrap intervals of scores.
import { ArgumentError, createRandom } from '@hovernet/core';

export interface MeanOptions {
  /**
   * What an undefined value (NaN: nothing there to be scored) does to the mean: `skip` leaves it out, `propagate` makes
   * the mean NaN.
   * @default 'skip'
   */
  readonly undefinedValues?: 'skip' | 'propagate';
}

/** Mean of `values`; NaN if none is defined. */
export function computeMean(values: readonly number[], options: MeanOptions = {}): number {
  const { undefinedValues = 'skip' } = options;
  const counted = undefinedValues === 'skip' ? values.filter((value) => !Number.isNaN(value)) : values;
  return counted.reduce((sum, value) => sum + value, 0) / counted.length;
}

/**
 * The value below which `share` (0…1) of the ascending numbers `sorted` lie, interpolated linearly between order statistics, as
 * NumPy's quantile; NaN of none.
 */
export function computeQuantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/** Ends of a confidence interval. */
export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
  /** @default 321 */
  readonly seed?: number;
  /** How often the samples are drawn anew. @default 1000 */
  readonly resamples?: number;
  /** Share of the resamples between the ends, 0…1 (both excluded). @default 0.95 */
  readonly confidence?: number;
}

/**
 * Interval of each of the `statistics` of `samples`: as many samples are drawn with replacement, `resamples` times, and the
 * ends are interpolated quantiles of what the drawn ones give. Resamples for which a statistic is NaN are left out of its
 * interval; [NaN, NaN] where it always is. The same seed gives the same intervals. One sample gives an interval of no width.
 * @throws ArgumentError if `resamples` or `confidence` is out of range.
 */
export function bootstrapIntervals<Sample, Name extends string>(
  samples: readonly Sample[],
  statistics: (samples: readonly Sample[]) => Readonly<Record<Name, number>>,
  options: BootstrapOptions = {},
): Readonly<Record<Name, Interval>> {
  const { seed = 321, resamples = 1000, confidence = 0.95 } = options;
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new ArgumentError(`bootstrapIntervals: expected resamples, an integer ≥ 1, got ${resamples}`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new ArgumentError(`bootstrapIntervals: expected confidence in (0, 1), got ${confidence}`);
  }
  const random = createRandom(seed);
  const names = Object.keys(statistics(samples)) as Name[];
  const drawn = Array.from({ length: samples.length === 0 ? 0 : resamples }, () =>
    statistics(samples.map(() => samples[random.integer(samples.length)]!)),
  );
  const intervals = names.map((name) => {
    const values = Float64Array.from(drawn, (statistic) => statistic[name]).filter((value) => !Number.isNaN(value));
    values.sort();
    const tail = (1 - confidence) / 2;
    return [name, [computeQuantile(values, tail), computeQuantile(values, 1 - tail)]] as const;
  });
  return Object.fromEntries(intervals) as Record<Name, Interval>;
}
