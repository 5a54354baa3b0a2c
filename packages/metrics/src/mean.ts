// The mean that aggregates a metric over images.

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
