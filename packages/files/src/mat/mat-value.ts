// What variables of MATLAB files become: numbers, text, cells and structures, all in C order.
import { toRowMajor } from '../memory-order.js';
import {
  createData,
  numbersPerElement,
  type NumericArray,
  type NumericData,
  type NumericDtype,
} from '../numeric-array.js';
import type { MatSparse } from './sparse.js';

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

/** The fields of one element of a structure, by name. */
export type MatRecord = ReadonlyMap<string, MatValue>;

/** A structure array: one record for each element. */
export interface MatStruct {
  readonly dtype: 'struct';
  readonly shape: readonly number[];
  readonly data: readonly MatRecord[];
}

/** An array of objects of an old class (a folder `@class`), whose fields are stored as those of a structure. */
export interface MatObject {
  readonly dtype: 'object';
  readonly className: string;
  readonly shape: readonly number[];
  readonly data: readonly MatRecord[];
}

/** A function handle; `data` is MATLAB's description of it, a structure. */
export interface MatFunction {
  readonly dtype: 'function';
  readonly shape: readonly number[];
  readonly data: MatValue;
}

/** An object of a class that only MATLAB can read (`classdef`, string, table, Java): its class is kept, its content is not. */
export interface MatOpaque {
  readonly dtype: 'opaque';
  readonly shape: readonly number[];
  /** Name of the class. */
  readonly data: string;
}

/** A variable of a MATLAB file. Complex numbers are interleaved. */
export type MatValue = NumericArray | MatSparse | MatText | MatCell | MatStruct | MatObject | MatFunction | MatOpaque;

const otherTypes = new Set<string>(['sparse', 'char', 'cell', 'struct', 'object', 'function', 'opaque']);

/** Whether `value` holds numbers, one for each element. Sparse matrices do after `fillSparse`. */
export function isNumericArray(value: MatValue): value is NumericArray {
  return !otherTypes.has(value.dtype);
}

/** Numbers in column-major order, with an imaginary part or without. */
export interface StoredNumbers {
  readonly real: NumericData;
  readonly imaginary?: NumericData | undefined;
}

/** Stored numbers as a numeric array in C order: the one place where column-major order ends. */
export function createNumeric(stored: StoredNumbers, shape: readonly number[], dtype: NumericDtype): NumericArray {
  const { dtype: type, data } = joinParts(stored, dtype);
  return { dtype: type, shape, data: toRowMajor(data, shape, numbersPerElement(type)) };
}

/** Real and imaginary parts interleaved, in their order; real numbers as elements of `dtype`. */
export function joinParts(
  stored: StoredNumbers,
  dtype: NumericDtype,
): { readonly dtype: NumericDtype; readonly data: NumericData } {
  const real = convertNumbers(stored.real, dtype);
  if (!stored.imaginary) return { dtype, data: real };
  const complexType = dtype === 'float32' ? 'complex64' : 'complex128';
  const data = createData(complexType, real.length);
  const target = data as Float64Array;
  for (let i = 0; i < real.length; i++) {
    target[2 * i] = Number(real[i]);
    target[2 * i + 1] = Number(stored.imaginary[i]);
  }
  return { dtype: complexType, data };
}

/** Characters (Unicode code points or UTF-16 units) in column-major order as one string for each row. */
export function createText(characters: Uint32Array, shape: readonly number[]): MatText {
  const columns = shape.at(-1) ?? 0;
  const ordered = toRowMajor(characters, shape);
  const rows = columns === 0 ? 0 : ordered.length / columns;
  const data = Array.from({ length: rows }, (_, row) => toString(ordered, row * columns, (row + 1) * columns));
  return { dtype: 'char', shape, data };
}

function toString(codes: Uint32Array, start: number, end: number): string {
  // Function calls take a limited number of arguments.
  const piece = 4096;
  let text = '';
  for (let at = start; at < end; at += piece) {
    const part = codes.subarray(at, Math.min(end, at + piece));
    text += String.fromCodePoint(...part.map((code) => (code <= 0x10ffff ? code : 0xfffd)));
  }
  return text;
}

/** `values` as elements of `dtype`; the same memory where they are that already. */
function convertNumbers(values: NumericData, dtype: NumericDtype): NumericData {
  const result = createData(dtype, 0);
  if (result.constructor === values.constructor) return values;
  const converted = createData(dtype, values.length / numbersPerElement(dtype));
  if (converted instanceof BigInt64Array || converted instanceof BigUint64Array) {
    for (let i = 0; i < values.length; i++) converted[i] = toBigInt(values[i]!);
  } else {
    for (let i = 0; i < values.length; i++) converted[i] = Number(values[i]);
  }
  return converted;
}

function toBigInt(value: number | bigint): bigint {
  return typeof value === 'bigint' ? value : BigInt(Number.isFinite(value) ? Math.trunc(value) : 0);
}
