// Range and sum of numbers.

/** Of everything but NaN; nulls where nothing is left. */
export interface NumberSummary {
  readonly min: number | null;
  readonly max: number | null;
  /** Added up in float64. */
  readonly sum: number | null;
}

/** Smallest, largest and sum of `data`. */
export function summarizeNumbers(data: ArrayLike<number | bigint>): NumberSummary {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (value < min) min = value;
    if (value > max) max = value;
    if (!Number.isNaN(value)) sum += value;
  }
  return min <= max ? { min, max, sum } : { min: null, max: null, sum: null };
}
