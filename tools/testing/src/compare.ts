// Comparison of numeric arrays that tells how far off and where.

/** Largest absolute difference and the index where it occurs; NaN on one side only counts as infinite. */
export function maxDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): { value: number; index: number } {
  if (actual.length !== expected.length) throw new Error(`lengths differ: ${actual.length} and ${expected.length}`);
  let value = 0;
  let index = -1;
  for (let i = 0; i < actual.length; i++) {
    const bothNaN = Number.isNaN(actual[i]) && Number.isNaN(expected[i]);
    const difference = bothNaN || actual[i] === expected[i] ? 0 : Math.abs(actual[i]! - expected[i]!);
    const distance = Number.isNaN(difference) ? Infinity : difference;
    if (distance > value) {
      value = distance;
      index = i;
    }
  }
  return { value, index };
}

/** Number of positions where the arrays differ. */
export function countDifferences(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`lengths differ: ${actual.length} and ${expected.length}`);
  let count = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i] !== expected[i]) count++;
  return count;
}

/** The reference's hash noise u(i, t), uniform in [−1, 1), float64. */
export function hashNoise(i: number, t: number): number {
  let h = (Math.imul(i, 2654435761) + Math.imul(t, 40503) + 12345) >>> 0;
  h ^= h >>> 16;
  h = Math.imul(h, 2246822519) >>> 0;
  h ^= h >>> 13;
  return (h >>> 0) / 2 ** 31 - 1;
}
