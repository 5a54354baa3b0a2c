// Matrices of MAT v5 files as bytes: tagged elements, little endian, in column-major order.
import { ArgumentError, UnsupportedError } from '@hovernet/core';
import { toColumnMajor } from '../../memory-order.js';
import {
  countElements,
  encodeElements,
  numbersPerElement,
  type NumericArray,
  type NumericData,
  type NumericDtype,
} from '../../numeric-array.js';
import { isNumericArray, type MatRecord, type MatText, type MatValue } from '../mat-value.js';
import type { MatSparse } from '../sparse.js';

interface Storage {
  readonly classId: number;
  readonly elementType: number;
}

const storages: Readonly<Record<NumericDtype, Storage>> = {
  bool: { classId: 9, elementType: 2 },
  int8: { classId: 8, elementType: 1 },
  uint8: { classId: 9, elementType: 2 },
  int16: { classId: 10, elementType: 3 },
  uint16: { classId: 11, elementType: 4 },
  int32: { classId: 12, elementType: 5 },
  uint32: { classId: 13, elementType: 6 },
  int64: { classId: 14, elementType: 12 },
  uint64: { classId: 15, elementType: 13 },
  float16: { classId: 7, elementType: 7 },
  float32: { classId: 7, elementType: 7 },
  float64: { classId: 6, elementType: 9 },
  complex64: { classId: 7, elementType: 7 },
  complex128: { classId: 6, elementType: 9 },
};
const elements = { int8: 1, uint16: 4, int32: 5, uint32: 6, matrix: 14, utf16: 17 } as const;
const classes = { cell: 1, struct: 2, char: 4, sparse: 5 } as const;
const maxNameBytes = 63;

/**
 * The matrix element of `value`; `name` is empty inside cells and structures.
 * @throws ArgumentError for objects, functions and fields whose names MATLAB cannot have; UnsupportedError from 4 GiB on.
 */
export function encodeMatrix(name: string, value: MatValue): Buffer {
  if (isNumericArray(value)) return encodeNumeric(name, value);
  switch (value.dtype) {
    case 'char':
      return encodeText(name, value);
    case 'sparse':
      return encodeSparse(name, value);
    case 'cell': {
      const cells = reorder(value.data, value.shape).map((cell) => encodeMatrix('', cell));
      return encodeHead(name, { classId: classes.cell, shape: value.shape }, cells);
    }
    case 'struct':
      return encodeHead(name, { classId: classes.struct, shape: value.shape }, encodeRecords(value.data, value.shape));
    default:
      throw new ArgumentError(
        `encodeMat: values of type ${value.dtype} cannot be written; leave ${name || 'them'} out`,
      );
  }
}

/** A data element: its tag and `bytes`, filled up to eight bytes. */
export function encodeElement(type: number, bytes: Uint8Array): Buffer {
  // Elements of up to 4 bytes are packed into their tag; SciPy and MATLAB expect that of names.
  if (bytes.length > 0 && bytes.length <= 4) {
    const packed = Buffer.alloc(8);
    packed.writeUInt32LE((bytes.length << 16) | type, 0);
    packed.set(bytes, 4);
    return packed;
  }
  return Buffer.concat([encodeTag(type, bytes.length), bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}

/** The tag of an element of `length` bytes. */
export function encodeTag(type: number, length: number): Buffer {
  if (length >= 2 ** 32) throw new UnsupportedError('encodeMat: variables of 4 GiB are not supported; write several');
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(length, 4);
  return tag;
}

interface Head {
  readonly classId: number;
  readonly shape: readonly number[];
  readonly flags?: number;
  /** Room for elements of sparse matrices. */
  readonly count?: number;
}

const flagBits = { logical: 0x200, complex: 0x800 } as const;

function encodeHead(name: string, head: Head, content: readonly Uint8Array[]): Buffer {
  const { classId, shape, flags = 0, count = 0 } = head;
  const parts = [
    encodeElement(elements.uint32, encodeElements(Uint32Array.of(classId | flags, count))),
    encodeElement(elements.int32, encodeElements(Int32Array.from(shape))),
    encodeElement(elements.int8, Buffer.from(name, 'latin1')),
    ...content,
  ];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([encodeTag(elements.matrix, length), ...parts]);
}

function encodeNumeric(name: string, array: NumericArray): Buffer {
  const { dtype } = array;
  const shape = array.shape.length >= 2 ? array.shape : [1, countElements(array.shape)];
  const ordered = toColumnMajor(array.data, shape, numbersPerElement(dtype));
  return encodeHead(
    name,
    { classId: storages[dtype].classId, shape, flags: flagsOf(dtype) },
    encodeParts(ordered, dtype),
  );
}

function encodeSparse(name: string, { shape, data }: MatSparse): Buffer {
  const { dtype } = data.values;
  // MATLAB knows sparse doubles and sparse logicals.
  const stored = dtype === 'bool' ? dtype : numbersPerElement(dtype) === 2 ? 'complex128' : 'float64';
  const values = dtype === 'bool' ? data.values.data : Float64Array.from(data.values.data as Float64Array, Number);
  const head = { classId: classes.sparse, shape, flags: flagsOf(dtype), count: Math.max(1, data.rows.length) };
  return encodeHead(name, head, [
    encodeElement(elements.int32, encodeElements(data.rows)),
    encodeElement(elements.int32, encodeElements(data.starts)),
    ...encodeParts(values, stored),
  ]);
}

function encodeText(name: string, { shape, data }: MatText): Buffer {
  // Characters beyond the first plane take two units.
  const columns = Math.max(shape.at(-1) ?? 0, ...data.map((row) => row.length));
  const units = new Uint16Array(data.length * columns).fill(0x20);
  for (const [row, text] of data.entries()) {
    for (let i = 0; i < text.length; i++) units[row * columns + i] = text.charCodeAt(i);
  }
  const rows = shape.length < 2 ? [data.length] : shape.slice(0, -1);
  const whole = [...rows, columns];
  const ordered = toColumnMajor(units, whole);
  // SciPy takes plain 16-bit numbers for ASCII; older readers know those only.
  const type = ordered.some((unit) => unit > 0x7f) ? elements.utf16 : elements.uint16;
  return encodeHead(name, { classId: classes.char, shape: whole }, [encodeElement(type, encodeElements(ordered))]);
}

function encodeRecords(records: readonly MatRecord[], shape: readonly number[]): Buffer[] {
  const fields = [...(records[0]?.keys() ?? [])];
  const names = fields.map((field) => Buffer.from(field, 'utf8'));
  if (names.some((bytes) => bytes.length === 0 || bytes.length > maxNameBytes)) {
    throw new ArgumentError(`encodeMat: names of fields take 1 to ${maxNameBytes} bytes, got '${fields.join("', '")}'`);
  }
  const width = Math.max(32, ...names.map((bytes) => bytes.length + 1));
  const table = Buffer.alloc(width * names.length);
  for (const [index, bytes] of names.entries()) table.set(bytes, index * width);
  const values = reorder(records, shape).flatMap((record) => {
    return fields.map((field) => {
      const value = record.get(field);
      if (!value) throw new ArgumentError(`encodeMat: a record lacks the field ${field}, which the first one has`);
      return encodeMatrix('', value);
    });
  });
  return [
    encodeElement(elements.int32, encodeElements(Int32Array.of(width))),
    encodeElement(elements.int8, table),
    ...values,
  ];
}

function flagsOf(dtype: NumericDtype): number {
  return (dtype === 'bool' ? flagBits.logical : 0) | (numbersPerElement(dtype) === 2 ? flagBits.complex : 0);
}

/** Elements, or real and imaginary parts. */
function encodeParts(data: NumericData, dtype: NumericDtype): Buffer[] {
  const parts = numbersPerElement(dtype) === 2 ? [everySecond(data, 0), everySecond(data, 1)] : [data];
  return parts.map((part) => encodeElement(storages[dtype].elementType, encodeElements(part)));
}

function everySecond(data: NumericData, first: 0 | 1): NumericData {
  return (data as Float64Array).filter((_, index) => index % 2 === first);
}

/** Values in C order, in column-major order. */
function reorder<T>(values: readonly T[], shape: readonly number[]): T[] {
  const order = toColumnMajor(
    Int32Array.from(values, (_, index) => index),
    shape,
  );
  return Array.from(order, (index) => values[index]!);
}
