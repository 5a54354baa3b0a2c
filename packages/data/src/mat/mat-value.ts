// What variables of MATLAB files become: numbers, text, cells and structures, all in C order.
import { FileError } from '@hovernet/core';
import { toRowMajor } from '../memory-order.js';
import {
  countElements,
  createData,
  numbersPerElement,
  type NumericArray,
  type NumericData,
  type NumericDtype,
} from '../numeric-array.js';

/** Text: one string for each row of the character array. */
export interface MatText {
  readonly dtype: 'char';
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

/** A cell array. */
export interface MatCell {
  readonly dtype: 'cell';
  readonly shape: readonly number[];
  readonly data: readonly MatValue[];
}

/** A structure array: one record for each element. */
export interface MatStruct {
  readonly dtype: 'struct';
  readonly shape: readonly number[];
  readonly data: readonly ReadonlyMap<string, MatValue>[];
}

/** A value that only MATLAB can read (function handle, object of a class): its kind is kept, its content is not. */
export interface MatOpaque {
  readonly dtype: 'opaque';
  readonly shape: readonly number[];
  readonly data: string;
}

/** A variable of a MATLAB file. Complex numbers are interleaved, sparse matrices are filled up. */
export type MatValue = NumericArray | MatText | MatCell | MatStruct | MatOpaque;

const maxFilledElements = 2 ** 24;

/** Whether `value` holds numbers. */
export function isNumericArray(value: MatValue): value is NumericArray {
  return !['char', 'cell', 'struct', 'opaque'].includes(value.dtype);
}

/** Numbers in column-major order, with an imaginary part or without, as a numeric array in C order. */
export function createNumeric(
  stored: { readonly real: NumericData; readonly imaginary?: NumericData | undefined },
  shape: readonly number[],
  dtype: NumericDtype,
): NumericArray {
  const real = convertNumbers(stored.real, dtype);
  if (!stored.imaginary) return { dtype, shape, data: toRowMajor(real, shape) };
  const complexType = dtype === 'float32' ? 'complex64' : 'complex128';
  const data = createData(complexType, real.length);
  const target = data as Float64Array;
  for (let i = 0; i < real.length; i++) {
    target[2 * i] = Number(real[i]);
    target[2 * i + 1] = Number(stored.imaginary[i]);
  }
  return { dtype: complexType, shape, data: toRowMajor(data, shape, numbersPerElement(complexType)) };
}

/** A matrix given by its non-zero elements, filled up; positions outside `shape` are damage. */
export function createFromSparse(
  shape: readonly number[],
  elements: Iterable<{ readonly row: number; readonly column: number; readonly value: readonly [number, number?] }>,
  options: { readonly dtype: NumericDtype; readonly source: string },
): NumericArray {
  const [rows, columns] = shape as [number, number];
  if (countElements(shape) > maxFilledElements) {
    throw new FileError(
      options.source,
      `sparse matrix of ${rows}×${columns} is too large to fill up; save a part of it`,
    );
  }
  const data = createData(options.dtype, rows * columns) as Float64Array;
  const numbers = numbersPerElement(options.dtype);
  for (const { row, column, value } of elements) {
    if (!(row >= 0 && row < rows && column >= 0 && column < columns)) {
      throw new FileError(options.source, `damaged sparse matrix: element (${row}, ${column}) is outside`);
    }
    const at = (row * columns + column) * numbers;
    data[at] = value[0];
    if (numbers === 2) data[at + 1] = value[1] ?? 0;
  }
  return { dtype: options.dtype, shape, data };
}

/** Characters in column-major order as one string for each row. */
export function createText(characters: Uint32Array, shape: readonly number[]): MatText {
  const columns = shape.at(-1) ?? 0;
  const ordered = toRowMajor(characters, shape);
  const rows = columns === 0 ? 0 : ordered.length / columns;
  const data = Array.from({ length: rows }, (_, row) => {
    return Array.from(ordered.subarray(row * columns, (row + 1) * columns), toCharacter).join('');
  });
  return { dtype: 'char', shape, data };
}

/** `values` as elements of `dtype`; the same memory where they are that already. */
export function convertNumbers(values: NumericData, dtype: NumericDtype): NumericData {
  const result = createData(dtype, values.length / numbersPerElement(dtype));
  if (result.constructor === values.constructor) return values;
  if (result instanceof BigInt64Array || result instanceof BigUint64Array) {
    for (let i = 0; i < values.length; i++) result[i] = toBigInt(values[i]!);
  } else {
    for (let i = 0; i < values.length; i++) result[i] = Number(values[i]);
  }
  return result;
}

function toBigInt(value: number | bigint): bigint {
  return typeof value === 'bigint' ? value : BigInt(Number.isFinite(value) ? Math.trunc(value) : 0);
}

function toCharacter(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}
