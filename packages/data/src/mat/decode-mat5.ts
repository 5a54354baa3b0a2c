// MAT v5 files (MATLAB 5 to 7, SciPy): matrices of every class, compressed or not, in both byte orders.
import { FileError } from '@hovernet/core';
import { inflate } from '../files/inflate.js';
import { countElements, type NumericDtype } from '../numeric-array.js';
import { toRowMajor } from '../memory-order.js';
import { createFromSparse, createNumeric, createText, type MatText, type MatValue } from './mat-value.js';
import { elementTypes, MatElementReader, type MatElement } from './mat5-elements.js';

const headerBytes = 128;
const maxDepth = 64;
const classes = { cell: 1, struct: 2, object: 3, char: 4, sparse: 5 } as const;
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
const opaqueClasses: Readonly<Record<number, string>> = { 3: 'object', 16: 'function handle', 17: 'object' };

interface ArrayFlags {
  readonly classId: number;
  readonly complex: boolean;
  readonly logical: boolean;
}

/** The variables of the MAT v5 file `bytes` by name; a name that occurs twice keeps its last value. */
export function decodeMat5(bytes: Uint8Array, source: string): Map<string, MatValue> {
  const littleEndian = bytes[126] === 0x49;
  const reader = new MatElementReader(bytes.subarray(headerBytes), littleEndian, source);
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

function inflateElement(element: MatElement, reader: MatElementReader): MatElement {
  return reader.within(inflate(element.bytes, 'zlib', { source: reader.source })).next();
}

function decodeMatrix(element: MatElement, parent: MatElementReader, depth: number): [string, MatValue] {
  const { source } = parent;
  if (element.type !== elementTypes.matrix) {
    throw new FileError(source, `damaged MAT file: expected a matrix, got element type ${element.type}`);
  }
  if (depth > maxDepth) throw new FileError(source, `cells or structures nested deeper than ${maxDepth}`);
  if (element.bytes.length === 0) return ['', { dtype: 'float64', shape: [0, 0], data: new Float64Array() }];
  const reader = parent.within(element.bytes);
  const flags = readFlags(reader);
  // An opaque matrix has no shape: its flags are followed by names.
  if (flags.classId === 17) return [reader.nextName(), { dtype: 'opaque', shape: [], data: 'object' }];
  const shape = readShape(reader);
  return [reader.nextName(), decodeContent(reader, { flags, shape, depth, size: element.bytes.length })];
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

interface MatrixHead {
  readonly flags: ArrayFlags;
  readonly shape: readonly number[];
  readonly depth: number;
  readonly size: number;
}

function decodeContent(reader: MatElementReader, head: MatrixHead): MatValue {
  const { flags, shape } = head;
  const dtype = numericClasses[flags.classId];
  if (dtype) return decodeNumeric(reader, head, flags.logical ? 'bool' : dtype);
  if (flags.classId === classes.char) return decodeText(reader, shape);
  if (flags.classId === classes.sparse) return decodeSparse(reader, head);
  if (flags.classId === classes.cell) return { dtype: 'cell', shape, data: decodeCells(reader, head) };
  if (flags.classId === classes.struct) return decodeStruct(reader, head);
  const kind = opaqueClasses[flags.classId];
  if (!kind) throw new FileError(reader.source, `damaged MAT file: unknown matrix class ${flags.classId}`);
  return { dtype: 'opaque', shape, data: kind };
}

function decodeNumeric(reader: MatElementReader, head: MatrixHead, dtype: NumericDtype): MatValue {
  const { shape, flags } = head;
  const count = countElements(shape);
  const read = () => {
    const values = reader.numbers(reader.next());
    if (values.length !== count) {
      throw new FileError(reader.source, `damaged MAT file: ${values.length} numbers for [${shape.join(', ')}]`);
    }
    return values;
  };
  const real = read();
  return createNumeric({ real, imaginary: flags.complex ? read() : undefined }, shape, dtype);
}

function decodeText(reader: MatElementReader, shape: readonly number[]): MatText {
  const characters = reader.remaining > 0 ? reader.characters(reader.next()) : new Uint32Array();
  const count = countElements(shape);
  if (characters.length === count) return createText(characters, shape);
  // UTF-16 pairs and broken UTF-8 change the count, which does no harm to a single row.
  if (shape.length !== 2 || shape[0] !== 1) {
    throw new FileError(reader.source, `damaged MAT file: ${characters.length} characters for [${shape.join(', ')}]`);
  }
  return createText(characters, [1, characters.length]);
}

function decodeSparse(reader: MatElementReader, { flags, shape }: MatrixHead): MatValue {
  const rows = reader.nextIntegers();
  const starts = reader.nextIntegers();
  const element = reader.next();
  const end = starts[shape[1]!] ?? -1;
  // MATLAB labels the elements of logical sparse matrices as doubles but writes one byte each.
  const real = flags.logical && element.bytes.length === end ? element.bytes : reader.numbers(element);
  const imaginary = flags.complex ? reader.numbers(reader.next()) : undefined;
  const dtype = flags.logical ? 'bool' : flags.complex ? 'complex128' : 'float64';
  const damaged = new FileError(reader.source, 'damaged MAT file: sparse matrix with inconsistent indices');
  if (shape.length !== 2 || end > rows.length || end > real.length) throw damaged;
  function* elements() {
    for (let column = 0; column < shape[1]!; column++) {
      for (let i = starts[column]!; i < starts[column + 1]!; i++) {
        if (i < 0 || i >= end) throw damaged;
        yield { row: rows[i]!, column, value: [Number(real[i]), Number(imaginary?.[i] ?? 0)] as const };
      }
    }
  }
  return createFromSparse(shape, elements(), { dtype, source: reader.source });
}

function decodeCells(reader: MatElementReader, head: MatrixHead): MatValue[] {
  const cells = readValues(reader, countElements(head.shape), head);
  return reorder(cells, head.shape);
}

function decodeStruct(reader: MatElementReader, head: MatrixHead): MatValue {
  const [nameLength = 0] = reader.nextIntegers();
  const fields = readFieldNames(reader, nameLength);
  const values = readValues(reader, countElements(head.shape) * Math.max(1, fields.length), head, fields.length === 0);
  const records = Array.from({ length: countElements(head.shape) }, (_, index) => {
    return new Map(fields.map((field, at) => [field, values[index * fields.length + at]!]));
  });
  return { dtype: 'struct', shape: head.shape, data: reorder(records, head.shape) };
}

function readFieldNames(reader: MatElementReader, nameLength: number): string[] {
  const { bytes } = reader.next();
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

function readValues(reader: MatElementReader, count: number, head: MatrixHead, skip = false): MatValue[] {
  if (count * (skip ? 0 : 8) > reader.remaining || count > head.size * 8) {
    throw new FileError(reader.source, `damaged MAT file: ${count} values cannot be in ${reader.remaining} bytes`);
  }
  return skip ? [] : Array.from({ length: count }, () => decodeMatrix(reader.next(), reader, head.depth + 1)[1]);
}

function reorder<T>(values: readonly T[], shape: readonly number[]): T[] {
  const indices = toRowMajor(
    Int32Array.from(values, (_, index) => index),
    shape,
  );
  return Array.from(indices, (index) => values[index]!);
}
