// Range and sum of numbers.

/** Of everything but NaN; nulls where nothing is left. JSON has no infinities: there they become null. */
export interface NumberSummary {
  readonly min: number | null;
  readonly max: number | null;
  /** Added up in float64, rounded about once however many there are. */
  readonly sum: number | null;
}

const nothing: NumberSummary = { min: null, max: null, sum: null };

/** Smallest, largest and sum of `data`. 64-bit integers are compared and added exactly, and rounded at the end. */
export function summarizeNumbers(data: ArrayLike<number | bigint>): NumberSummary {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return summarizeBigInts(data);
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  // Neumaier's summation: what each addition rounds off is added up on its own.
  let lost = 0;
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (Number.isNaN(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  if (!(min <= max)) return nothing;
  // Infinities leave no rest that could be known.
  return { min, max, sum: Number.isFinite(lost) ? sum + lost : sum };
}

function summarizeBigInts(data: BigInt64Array | BigUint64Array): NumberSummary {
  if (data.length === 0) return nothing;
  let min = data[0]!;
  let max = min;
  let sum = 0n;
  for (const value of data) {
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return { min: Number(min), max: Number(max), sum: Number(sum) };
}
