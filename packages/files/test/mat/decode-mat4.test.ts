import { FileError, UnsupportedError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeMat, fillSparse, type MatSparse, type NumericArray } from '../../src/node.js';
import { toPlain } from '../helpers.js';

interface Matrix {
  readonly machine?: number;
  readonly precision: number;
  readonly kind?: number;
  readonly shape: readonly [number, number];
  readonly values: readonly number[];
  readonly imaginary?: readonly number[];
  readonly name?: string;
}

/** Bytes of an element and how a DataView writes one, by precision. */
const precisions = [
  { dtype: 'float64', bytes: 8, set: 'setFloat64' },
  { dtype: 'float32', bytes: 4, set: 'setFloat32' },
  { dtype: 'int32', bytes: 4, set: 'setInt32' },
  { dtype: 'int16', bytes: 2, set: 'setInt16' },
  { dtype: 'uint16', bytes: 2, set: 'setUint16' },
  { dtype: 'uint8', bytes: 1, set: 'setUint8' },
] as const;

/** A matrix as MATLAB 4 writes it: five integers, a name that ends in zero, elements in column-major order. */
function encodeMatrix(matrix: Matrix, littleEndian: boolean): Uint8Array {
  const { machine = littleEndian ? 0 : 1, precision, kind = 0, shape, values, imaginary = [], name = 'x' } = matrix;
  const { bytes, set } = precisions[precision]!;
  const numbers = [...values, ...imaginary];
  const view = new DataView(new ArrayBuffer(20 + name.length + 1 + numbers.length * bytes));
  const head = [machine * 1000 + precision * 10 + kind, ...shape, imaginary.length > 0 ? 1 : 0, name.length + 1];
  head.forEach((value, index) => view.setInt32(4 * index, value, littleEndian));
  Array.from(name).forEach((character, index) => view.setUint8(20 + index, character.charCodeAt(0)));
  numbers.forEach((value, index) => view[set](21 + name.length + index * bytes, value, littleEndian));
  return new Uint8Array(view.buffer);
}

const orders = [
  ['little', true],
  ['big', false],
] as const;

describe.each(orders)('MAT v4, %s endian', (_, littleEndian) => {
  it.each(precisions.map(({ dtype }, precision) => ({ dtype, precision })))('reads $dtype', ({ dtype, precision }) => {
    const bytes = encodeMatrix({ precision, shape: [2, 3], values: [1, 4, 2, 5, 3, 200] }, littleEndian);
    expect(toPlain(decodeMat(bytes, 'a.mat').get('x') as NumericArray)).toEqual({
      dtype,
      shape: [2, 3],
      numbers: [1, 2, 3, 4, 5, 200],
    });
  });

  it('reads several variables, complex numbers, text and sparse matrices', () => {
    const text = { precision: 0, kind: 1, shape: [2, 2], values: [97, 99, 98, 100], name: 'text' } as const;
    const wave = { precision: 1, shape: [1, 2], values: [1, 2], imaginary: [3, -4], name: 'wave' } as const;
    const sparse = {
      precision: 0,
      kind: 2,
      shape: [3, 3],
      values: [2, 1, 2, 1, 3, 3, 7, 5, 0],
      name: 'sparse',
    } as const;
    const parts = [text, wave, sparse].map((matrix) => encodeMatrix(matrix, littleEndian));
    const variables = decodeMat(Buffer.concat(parts), 'a.mat');
    expect([...variables.keys()]).toEqual(['text', 'wave', 'sparse']);
    expect(variables.get('text')).toEqual({ dtype: 'char', shape: [2, 2], data: ['ab', 'cd'] });
    expect(toPlain(variables.get('wave') as NumericArray)).toEqual({
      dtype: 'complex64',
      shape: [1, 2],
      numbers: [1, 3, 2, -4],
    });
    const filled = fillSparse(variables.get('sparse') as MatSparse);
    expect(toPlain(filled)).toEqual({ dtype: 'float64', shape: [2, 3], numbers: [0, 0, 5, 7, 0, 0] });
  });

  it.each([2, 3, 4])('refuses the numbers of machine %d: VAX and Cray', (machine) => {
    const bytes = encodeMatrix({ machine, precision: 0, shape: [1, 1], values: [1] }, littleEndian);
    expect(() => decodeMat(bytes, 'vax.mat')).toThrow(UnsupportedError);
    expect(() => decodeMat(bytes, 'vax.mat')).toThrow('vax.mat: MAT v4 file with VAX or Cray numbers');
  });

  it('refuses what is cut off, and sparse elements outside the matrix', () => {
    const bytes = encodeMatrix({ precision: 0, shape: [1, 2], values: [1, 2] }, littleEndian);
    expect(() => decodeMat(bytes.subarray(0, bytes.length - 1), 'cut.mat')).toThrow(FileError);
    const outside = { precision: 0, kind: 2, shape: [2, 3], values: [3, 2, 1, 3, 7, 0] } as const;
    expect(() => decodeMat(encodeMatrix(outside, littleEndian), 'a.mat')).toThrow('inconsistent indices');
    const endless = { precision: 0, kind: 2, shape: [1, 3], values: [1, 1e12, 0] } as const;
    expect(() => decodeMat(encodeMatrix(endless, littleEndian), 'a.mat')).toThrow('too much memory');
  });
});
