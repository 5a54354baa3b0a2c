// Reordering of array memory between Fortran order (first axis fastest: MATLAB, NumPy's fortran_order) and C order.
import type { NumericData } from './numeric-array.js';

/**
 * Elements stored in Fortran order, reordered to C order; the same memory where both orders agree.
 * `numbers` is how many consecutive numbers make one element (2 for complex).
 */
export function toRowMajor<T extends NumericData>(data: T, shape: readonly number[], numbers: 1 | 2 = 1): T {
  if (shape.filter((length) => length !== 1).length < 2 || data.length === 0) return data;
  const result = new (data.constructor as new (length: number) => T)(data.length);
  // Elements are only moved, so one numeric type stands for all of them, bigint too.
  const source = data as unknown as Float64Array;
  const target = result as unknown as Float64Array;
  const strides = fortranStrides(shape);
  const last = shape.length - 1;
  const rowLength = shape[last]!;
  const rowStride = strides[last]! * numbers;
  const counters = new Array<number>(last).fill(0);
  let base = 0;
  for (let position = 0; position < target.length;) {
    for (let k = 0, from = base; k < rowLength; k++, from += rowStride) {
      target[position++] = source[from]!;
      if (numbers === 2) target[position++] = source[from + 1]!;
    }
    for (let axis = last - 1; axis >= 0; axis--) {
      base += strides[axis]! * numbers;
      if (++counters[axis]! < shape[axis]!) break;
      base -= strides[axis]! * numbers * shape[axis]!;
      counters[axis] = 0;
    }
  }
  return result;
}

/** Elements stored in C order, reordered to Fortran order; the same memory where both orders agree. */
export function toColumnMajor<T extends NumericData>(data: T, shape: readonly number[], numbers: 1 | 2 = 1): T {
  // The memory of an array in C order is that of its transpose in Fortran order.
  return toRowMajor(data, [...shape].reverse(), numbers);
}

function fortranStrides(shape: readonly number[]): number[] {
  let stride = 1;
  return shape.map((length) => {
    const own = stride;
    stride *= length;
    return own;
  });
}
