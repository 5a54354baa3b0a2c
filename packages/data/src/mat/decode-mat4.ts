// MAT v4 files: full, text and sparse matrices of both byte orders.
import { FileError, UnsupportedError } from '@hovernet/core';
import { decodeElements, elementBytes, type NumericData, type NumericDtype } from '../numeric-array.js';
import { createFromSparse, createNumeric, createText, type MatValue } from './mat-value.js';

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
export function decodeMat4(bytes: Uint8Array, source: string): Map<string, MatValue> {
  const variables = new Map<string, MatValue>();
  for (let at = 0; at < bytes.length;) {
    const header = readHeader(bytes.subarray(at), source);
    const nameStart = at + headerBytes;
    const dataStart = nameStart + header.nameLength;
    const count = header.shape[0] * header.shape[1];
    const partBytes = count * elementBytes(header.dtype);
    const end = dataStart + partBytes * (header.complex ? 2 : 1);
    if (end > bytes.length) throw new FileError(source, 'truncated or damaged MAT file; copy or save it again');
    const read = (from: number) =>
      decodeElements(bytes.subarray(from, from + partBytes), header.dtype, header.littleEndian);
    const name = new TextDecoder('latin1').decode(bytes.subarray(nameStart, dataStart)).split('\0', 1)[0]!;
    const imaginary = header.complex ? read(dataStart + partBytes) : undefined;
    variables.set(name, createValue(header, { real: read(dataStart), imaginary }, source));
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

function createValue(
  { kind, shape, dtype }: Mat4Header,
  stored: { readonly real: NumericData; readonly imaginary: NumericData | undefined },
  source: string,
): MatValue {
  if (kind === 0) return createNumeric(stored, shape, dtype);
  if (kind === 1) return createText(Uint32Array.from(stored.real, Number), shape);
  return createSparse(stored.real, shape, source);
}

/** Rows (row, column, value[, imaginary]) counted from 1; the last one holds the shape. */
function createSparse(values: NumericData, [rows, columns]: readonly [number, number], source: string): MatValue {
  if (rows < 1 || (columns !== 3 && columns !== 4)) throw new FileError(source, 'damaged sparse matrix');
  const cell = (row: number, column: number) => Number(values[column * rows + row]);
  const shape = [cell(rows - 1, 0), cell(rows - 1, 1)];
  if (!shape.every((length) => Number.isInteger(length) && length >= 0)) {
    throw new FileError(source, 'damaged sparse matrix');
  }
  const elements = Array.from({ length: rows - 1 }, (_, index) => ({
    row: cell(index, 0) - 1,
    column: cell(index, 1) - 1,
    value: [cell(index, 2), columns === 4 ? cell(index, 3) : 0] as const,
  }));
  return createFromSparse(shape, elements, { dtype: columns === 4 ? 'complex128' : 'float64', source });
}
