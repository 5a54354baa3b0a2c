// MAT v4 files: full, text and sparse matrices of both byte orders.
import { FileError, UnsupportedError } from '@hovernet/core';
import type { MemoryBudget } from '../memory-budget.js';
import { decodeElements, elementBytes, type NumericData, type NumericDtype } from '../numeric-array.js';
import { createNumeric, createText, joinParts, type MatValue, type StoredNumbers } from './mat-value.js';
import { createSparse } from './sparse.js';

const elementTypes: readonly NumericDtype[] = ['float64', 'float32', 'int32', 'int16', 'uint16', 'uint8'];
const headerBytes = 20;

interface Mat4Header {
  readonly littleEndian: boolean;
  readonly dtype: NumericDtype;
  readonly kind: number;
  readonly shape: readonly [rows: number, columns: number];
  readonly complex: boolean;
  readonly nameLength: number;
}

/** The variables of the MAT v4 file `bytes` by name. */
export function decodeMat4(bytes: Uint8Array, budget: MemoryBudget): Map<string, MatValue> {
  const { source } = budget;
  const variables = new Map<string, MatValue>();
  for (let at = 0; at < bytes.length;) {
    const header = readHeader(bytes.subarray(at), source);
    const nameStart = at + headerBytes;
    const dataStart = nameStart + header.nameLength;
    const count = header.shape[0] * header.shape[1];
    const partBytes = count * elementBytes(header.dtype);
    const end = dataStart + partBytes * (header.complex ? 2 : 1);
    if (end > bytes.length) throw new FileError(source, 'truncated or damaged MAT file; copy or save it again');
    budget.take(header.kind === 1 ? 8 * count : end - dataStart);
    const read = (from: number) =>
      decodeElements(bytes.subarray(from, from + partBytes), header.dtype, header.littleEndian);
    const name = new TextDecoder('latin1').decode(bytes.subarray(nameStart, dataStart)).split('\0', 1)[0]!;
    const imaginary = header.complex ? read(dataStart + partBytes) : undefined;
    variables.set(name, createValue(header, { real: read(dataStart), imaginary }, budget));
    at = end;
  }
  return variables;
}

function readHeader(bytes: Uint8Array, source: string): Mat4Header {
  if (bytes.length < headerBytes) throw new FileError(source, 'truncated or damaged MAT file; copy or save it again');
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const littleEndian = view.getUint32(0, true) < 5000;
  const [code, rows, columns, complex, nameLength] = [0, 4, 8, 12, 16].map((at) => view.getUint32(at, littleEndian));
  const machine = Math.floor(code! / 1000);
  if (machine >= 2 && machine <= 4) {
    throw new UnsupportedError(`${source}: MAT v4 file with VAX or Cray numbers; save it again with save -v7`);
  }
  const dtype = elementTypes[Math.floor(code! / 10) % 10];
  const kind = code! % 10;
  if (machine > 1 || !dtype || kind > 2 || complex! > 1 || nameLength! > bytes.length) {
    throw new FileError(source, 'not a MAT file, or damaged; save it with save -v7 or scipy.io.savemat');
  }
  return { littleEndian, dtype, kind, shape: [rows!, columns!], complex: complex === 1, nameLength: nameLength! };
}

function createValue({ kind, shape, dtype }: Mat4Header, stored: StoredNumbers, budget: MemoryBudget): MatValue {
  if (kind === 0) return createNumeric(stored, shape, dtype);
  if (kind === 1) return createText(Uint32Array.from(stored.real, Number), shape);
  return decodeSparse(stored.real, shape, budget);
}

/** Rows (row, column, value[, imaginary]) counted from 1; the last one holds the shape. */
function decodeSparse(table: NumericData, [lines, columns]: readonly [number, number], budget: MemoryBudget): MatValue {
  const damaged = new FileError(budget.source, 'damaged MAT file: sparse matrix with inconsistent indices');
  if (lines < 1 || (columns !== 3 && columns !== 4)) throw damaged;
  const count = lines - 1;
  const part = (column: number) => table.subarray(column * lines, column * lines + count);
  const shape = [Number(table[count]), Number(table[lines + count])];
  if (!shape.every((length) => Number.isInteger(length) && length >= 0)) throw damaged;
  const [height, width] = shape as [number, number];
  const order = sortByColumn(part(1), part(0));
  const pick = (column: number) => Float64Array.from(order, (index) => Number(part(column)[index]));
  const indices = (column: number, length: number) => {
    const positions = pick(column);
    if (!positions.every((at) => Number.isInteger(at) && at >= 1 && at <= length)) throw damaged;
    return Int32Array.from(positions, (at) => at - 1);
  };
  const rows = indices(0, height);
  const columnOf = indices(1, width);
  budget.take(4 * width);
  const starts = new Int32Array(width + 1);
  for (const column of columnOf) starts[column + 1]!++;
  for (let column = 0; column < width; column++) starts[column + 1]! += starts[column]!;
  const values = joinParts({ real: pick(2), imaginary: columns === 4 ? pick(3) : undefined }, 'float64');
  return createSparse(shape, { values, rows, starts }, budget.source);
}

/** The order of elements in compressed columns. */
function sortByColumn(columns: NumericData, rows: NumericData): Uint32Array {
  return Uint32Array.from({ length: columns.length }, (_, index) => index).sort(
    (a, b) => Number(columns[a]) - Number(columns[b]) || Number(rows[a]) - Number(rows[b]),
  );
}
