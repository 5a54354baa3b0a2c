// MAT v5 files (MATLAB 5 to 7, SciPy, Octave): matrices of every class, compressed or not, in both byte orders.
import { FileError } from '@hovernet/core';
import type { MemoryBudget } from '../memory-budget.js';
import { countElements, elementBytes, type NumericDtype } from '../numeric-array.js';
import { toRowMajor } from '../memory-order.js';
import { inflateElement } from './inflate-element.js';
import { createNumeric, createText, joinParts, type MatRecord, type MatText, type MatValue } from './mat-value.js';
import { elementTypes, MatElementReader, type MatElement } from './mat5-elements.js';
import { createSparse, type MatSparse } from './sparse.js';

const headerBytes = 128;
const maxDepth = 64;
/** What a value takes in memory beside its elements, about. */
const valueBytes = 200;
const maxEmptyRecords = 2 ** 16;
const classes = { cell: 1, struct: 2, object: 3, char: 4, sparse: 5, function: 16, opaque: 17 } as const;
const numericClasses: Readonly<Record<number, NumericDtype>> = {
  6: 'float64',
  7: 'float32',
  8: 'int8',
  9: 'uint8',
  10: 'int16',
  11: 'uint16',
  12: 'int32',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
};

interface ArrayFlags {
  readonly classId: number;
  readonly complex: boolean;
  readonly logical: boolean;
}

/** The variables of the MAT v5 file `bytes` by name; a name that occurs twice keeps its last value. */
export function decodeMat5(bytes: Uint8Array, budget: MemoryBudget): Map<string, MatValue> {
  const littleEndian = bytes[126] === 0x49;
  const reader = new MatElementReader(bytes.subarray(headerBytes), littleEndian, budget);
  const variables = new Map<string, MatValue>();
  while (reader.remaining >= 8) {
    const element = reader.next();
    const matrix = element.type === elementTypes.compressed ? inflateElement(element, reader) : element;
    const [name, value] = decodeMatrix(matrix, reader, 0);
    // The nameless last matrix is MATLAB's own store of objects.
    if (name !== '') variables.set(name, value);
  }
  return variables;
}

function decodeMatrix(element: MatElement, parent: MatElementReader, depth: number): [string, MatValue] {
  const { source, budget } = parent;
  if (element.type !== elementTypes.matrix) {
    throw new FileError(source, `damaged MAT file: expected a matrix, got element type ${element.type}`);
  }
  if (depth > maxDepth) throw new FileError(source, `cells or structures nested deeper than ${maxDepth}`);
  budget.take(valueBytes);
  if (element.bytes.length === 0) return ['', { dtype: 'float64', shape: [0, 0], data: new Float64Array() }];
  const reader = parent.within(element.bytes);
  const flags = readFlags(reader);
  if (flags.classId === classes.opaque) return decodeOpaque(reader);
  const shape = readShape(reader);
  return [reader.nextName(), decodeContent(reader, { flags, shape, depth })];
}

function readFlags(reader: MatElementReader): ArrayFlags {
  const [word] = reader.nextIntegers();
  if (word === undefined) throw new FileError(reader.source, 'damaged MAT file: matrix without flags');
  return { classId: word & 255, complex: (word & 0x800) !== 0, logical: (word & 0x200) !== 0 };
}

function readShape(reader: MatElementReader): number[] {
  const shape = reader.nextIntegers();
  if (shape.length < 2 || shape.length > 64 || shape.some((length) => length < 0)) {
    throw new FileError(reader.source, `damaged MAT file: shape [${shape.join(', ')}]`);
  }
  return shape;
}

/** An opaque matrix has no shape: its flags are followed by its name, its type system (MCOS, java) and its class. */
function decodeOpaque(reader: MatElementReader): [string, MatValue] {
  const name = reader.nextName();
  reader.nextName();
  return [name, { dtype: 'opaque', shape: [], data: reader.nextName() }];
}

interface MatrixHead {
  readonly flags: ArrayFlags;
  readonly shape: readonly number[];
  readonly depth: number;
}

function decodeContent(reader: MatElementReader, head: MatrixHead): MatValue {
  const { flags, shape } = head;
  const dtype = numericClasses[flags.classId];
  if (dtype) return decodeNumeric(reader, head, flags.logical ? 'bool' : dtype);
  switch (flags.classId) {
    case classes.char:
      return decodeText(reader, shape);
    case classes.sparse:
      return decodeSparse(reader, head);
    case classes.cell:
      return { dtype: 'cell', shape, data: decodeCells(reader, head) };
    case classes.struct:
      return { dtype: 'struct', shape, data: decodeRecords(reader, head) };
    case classes.object:
      return { dtype: 'object', className: reader.nextName(), shape, data: decodeRecords(reader, head) };
    case classes.function:
      return { dtype: 'function', shape, data: decodeMatrix(reader.next(), reader, head.depth + 1)[1] };
    default:
      throw new FileError(reader.source, `damaged MAT file: unknown matrix class ${flags.classId}`);
  }
}

function decodeNumeric(reader: MatElementReader, { shape, flags }: MatrixHead, dtype: NumericDtype): MatValue {
  const count = countElements(shape);
  const read = () => {
    const values = reader.numbers(reader.next());
    if (values.length !== count) {
      throw new FileError(reader.source, `damaged MAT file: ${values.length} numbers for [${shape.join(', ')}]`);
    }
    reader.budget.take(count * elementBytes(dtype));
    return values;
  };
  const real = read();
  return createNumeric({ real, imaginary: flags.complex ? read() : undefined }, shape, dtype);
}

function decodeText(reader: MatElementReader, shape: readonly number[]): MatText {
  const element = reader.remaining > 0 ? reader.next() : undefined;
  const count = countElements(shape);
  reader.budget.take(8 * Math.max(count, element?.bytes.length ?? 0));
  // Characters that were not written are blanks, as in SciPy.
  if (!element?.bytes.length) return createText(new Uint32Array(count).fill(0x20), shape);
  const characters = reader.characters(element);
  if (characters.length === count) return createText(characters, shape);
  // UTF-16 pairs and broken UTF-8 change the count, which does no harm to a single row.
  if (shape.length !== 2 || shape[0] !== 1) {
    throw new FileError(reader.source, `damaged MAT file: ${characters.length} characters for [${shape.join(', ')}]`);
  }
  return createText(characters, [1, characters.length]);
}

function decodeSparse(reader: MatElementReader, { flags, shape }: MatrixHead): MatSparse {
  const rows = reader.nextIndices();
  const starts = reader.nextIndices();
  const element = reader.next();
  // MATLAB labels the elements of logical sparse matrices as doubles but writes one byte each.
  const bytes = flags.logical && element.bytes.length === starts[shape[1]!];
  const real = bytes ? element.bytes : reader.numbers(element);
  const imaginary = flags.complex ? reader.numbers(reader.next()) : undefined;
  if (imaginary && imaginary.length !== real.length)
    throw new FileError(reader.source, 'damaged MAT file: sparse matrix');
  reader.budget.take(16 * real.length);
  const values = joinParts({ real, imaginary }, flags.logical ? 'bool' : 'float64');
  return createSparse(shape, { values, rows, starts }, reader.source);
}

function decodeCells(reader: MatElementReader, head: MatrixHead): MatValue[] {
  return reorder(readValues(reader, countElements(head.shape), head), head.shape);
}

function decodeRecords(reader: MatElementReader, head: MatrixHead): MatRecord[] {
  const [nameLength = 0] = reader.nextIntegers();
  const fields = readFieldNames(reader, nameLength);
  const count = countElements(head.shape);
  if (fields.length === 0 && count > maxEmptyRecords) throw tooMany(reader, count);
  const values = readValues(reader, count * fields.length, head);
  const records = Array.from({ length: count }, (_, index) => {
    return new Map(fields.map((field, at) => [field, values[index * fields.length + at]!]));
  });
  return reorder(records, head.shape);
}

function readFieldNames(reader: MatElementReader, nameLength: number): string[] {
  const { bytes } = reader.next();
  if (nameLength < 0) throw new FileError(reader.source, `damaged MAT file: names of fields of ${nameLength} bytes`);
  const count = nameLength > 0 ? Math.floor(bytes.length / nameLength) : 0;
  const names: string[] = [];
  const seen = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    const name = new TextDecoder()
      .decode(bytes.subarray(index * nameLength, (index + 1) * nameLength))
      .split('\0', 1)[0]!;
    const duplicates = seen.get(name) ?? 0;
    seen.set(name, duplicates + 1);
    // MATLAB allows no duplicates, but files have them; SciPy's names for them are used.
    names.push(duplicates > 0 ? `_${duplicates}_${name}` : name);
  }
  return names;
}

function readValues(reader: MatElementReader, count: number, head: MatrixHead): MatValue[] {
  if (count * 8 > reader.remaining) throw tooMany(reader, count);
  return Array.from({ length: count }, () => decodeMatrix(reader.next(), reader, head.depth + 1)[1]);
}

function tooMany(reader: MatElementReader, count: number): FileError {
  return new FileError(reader.source, `damaged MAT file: ${count} values cannot be in ${reader.remaining} bytes`);
}

/** Values in column-major order, in C order. */
function reorder<T>(values: readonly T[], shape: readonly number[]): T[] {
  const indices = toRowMajor(
    Int32Array.from(values, (_, index) => index),
    shape,
  );
  return Array.from(indices, (index) => values[index]!);
}
