// Whether numbers can be stored as float16.
import { WeightsError } from '@hovernet/core';

/** What is as large rounds to infinity in float16. */
const firstInfinite = 65520;

/** @throws WeightsError naming `operation` and the tensor where a value is beyond float16. */
export function assertFitsHalf(operation: string, name: string, values: Float32Array): void {
  const outside = values.find((value) => Math.abs(value) >= firstInfinite);
  if (outside === undefined) return;
  const expected = `${name} within ±${firstInfinite} for float16`;
  throw new WeightsError(`${operation}: expected ${expected}, got ${outside}; choose the precision float32`);
}
