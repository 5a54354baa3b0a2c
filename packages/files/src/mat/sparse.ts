// Sparse matrices in compressed columns, as MATLAB and SciPy's csc_matrix hold them.
import { FileError, UnsupportedError } from '@hovernet/core';
import { createData, numbersPerElement, type NumericArray, type NumericData } from '../numeric-array.js';

/** A sparse matrix: column `c` has `values[i]` in row `rows[i]`, `starts[c]` ≤ i < `starts[c + 1]`. */
export interface MatSparse {
  readonly dtype: 'sparse';
  readonly shape: readonly [rows: number, columns: number];
  readonly data: {
    /** One axis: the stored elements, column after column. */
    readonly values: NumericArray;
    readonly rows: Int32Array;
    /** One more than there are columns; the last one is the number of stored elements. */
    readonly starts: Int32Array;
  };
}

/** What files store; `rows` and `values` may be longer than they need. */
export interface StoredSparse {
  readonly values: { readonly dtype: NumericArray['dtype']; readonly data: NumericData };
  readonly rows: Int32Array;
  readonly starts: Int32Array;
}

const maxFilledElements = 2 ** 28;

/**
 * A sparse matrix whose indices are checked.
 * @throws FileError naming `source` if columns are out of order, elements are missing or rows outside the matrix.
 */
export function createSparse(shape: readonly number[], stored: StoredSparse, source: string): MatSparse {
  const { starts, rows, values } = stored;
  const [height, width] = shape as [number, number];
  const count = starts[width] ?? -1;
  const numbers = numbersPerElement(values.dtype);
  const damaged = new FileError(source, 'damaged MAT file: sparse matrix with inconsistent indices');
  if (shape.length !== 2 || count < 0 || count > rows.length || count * numbers > values.data.length) throw damaged;
  if (starts[0] !== 0) throw damaged;
  for (let column = 0; column < width; column++) if (starts[column]! > starts[column + 1]!) throw damaged;
  for (let i = 0; i < count; i++) if (!(rows[i]! >= 0 && rows[i]! < height)) throw damaged;
  const data = values.data.subarray(0, count * numbers);
  return {
    dtype: 'sparse',
    shape: [height, width],
    data: {
      values: { dtype: values.dtype, shape: [count], data },
      rows: rows.subarray(0, count),
      starts: starts.subarray(0, width + 1),
    },
  };
}

/**
 * `value` with its zeros, in C order.
 * @throws UnsupportedError for more than 2²⁸ elements.
 */
export function fillSparse({ shape, data: { values, rows, starts } }: MatSparse): NumericArray {
  const [height, width] = shape;
  if (height * width > maxFilledElements) {
    throw new UnsupportedError(
      `fillSparse: expected at most 2^28 elements, got ${height}×${width}; save a part of the matrix`,
    );
  }
  const { dtype } = values;
  const numbers = numbersPerElement(dtype);
  const data = createData(dtype, height * width);
  // Elements are only moved, so one numeric type stands for all of them.
  const source = values.data as Float64Array;
  const target = data as Float64Array;
  for (let column = 0; column < width; column++) {
    for (let i = starts[column]!; i < starts[column + 1]!; i++) {
      const at = (rows[i]! * width + column) * numbers;
      target[at] = source[i * numbers]!;
      if (numbers === 2) target[at + 1] = source[i * numbers + 1]!;
    }
  }
  return { dtype, shape, data };
}
