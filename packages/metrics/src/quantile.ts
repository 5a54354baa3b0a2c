// Quantiles of numbers.

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
