// Writing of MAT v5 files with numeric variables, compressed as save -v7 does.
import { deflateSync } from 'node:zlib';
import { ArgumentError } from '@hovernet/core';
import { writeFileAtomic } from '../files/write-file-atomic.js';
import { toColumnMajor } from '../memory-order.js';
import {
  countElements,
  encodeElements,
  numbersPerElement,
  type NumericArray,
  type NumericData,
  type NumericDtype,
} from '../numeric-array.js';

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

const matrixType = 14;
const compressedType = 15;

/** Options of {@link writeMat} and {@link encodeMat}. */
export interface EncodeMatOptions {
  /** Whether to deflate the variables. @default true */
  readonly compress?: boolean;
}

/** Writes `variables` to `path` as a little-endian MAT v5 file, atomically. */
export async function writeMat(
  path: string,
  variables: ReadonlyMap<string, NumericArray>,
  options: EncodeMatOptions = {},
): Promise<void> {
  await writeFileAtomic(path, encodeMat(variables, options));
}

/**
 * The bytes of a MAT v5 file. Arrays of fewer than two axes become rows, as in SciPy; bool becomes logical; float16 single.
 * @throws ArgumentError if a name is not a MATLAB name (a letter, then letters, digits, underscores, 63 at most).
 */
export function encodeMat(variables: ReadonlyMap<string, NumericArray>, options: EncodeMatOptions = {}): Uint8Array {
  const header = Buffer.alloc(128, ' ', 'latin1');
  header.write('MATLAB 5.0 MAT-file, written by @hovernet/data', 'latin1');
  header.fill(0, 116, 124);
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  const elements = [...variables].map(([name, array]) => {
    const matrix = encodeMatrix(name, array);
    return options.compress === false ? matrix : compressElement(matrix);
  });
  return Buffer.concat([header, ...elements]);
}

function encodeMatrix(name: string, array: NumericArray): Buffer {
  if (!/^[A-Za-z]\w{0,62}$/.test(name)) throw new ArgumentError(`encodeMat: '${name}' is no name of a MATLAB variable`);
  const { dtype } = array;
  const { classId, elementType } = storages[dtype];
  const shape = array.shape.length >= 2 ? array.shape : [1, countElements(array.shape)];
  const numbers = numbersPerElement(dtype);
  const ordered = toColumnMajor(array.data, shape, numbers);
  const flags = classId | (dtype === 'bool' ? 0x200 : 0) | (numbers === 2 ? 0x800 : 0);
  const parts = numbers === 2 ? [everySecond(ordered, 0), everySecond(ordered, 1)] : [ordered];
  return encodeElement(
    matrixType,
    Buffer.concat([
      encodeElement(6, encodeElements(Uint32Array.of(flags, 0))),
      encodeElement(5, encodeElements(Int32Array.from(shape))),
      encodeElement(1, Buffer.from(name, 'latin1')),
      ...parts.map((part) => encodeElement(elementType, encodeElements(part))),
    ]),
  );
}

function everySecond(data: NumericData, first: 0 | 1): NumericData {
  return (data as Float64Array).filter((_, index) => index % 2 === first);
}

function compressElement(element: Uint8Array): Buffer {
  const deflated = deflateSync(element);
  return Buffer.concat([encodeTag(compressedType, deflated.length), deflated]);
}

function encodeElement(type: number, bytes: Uint8Array): Buffer {
  // Elements of up to 4 bytes are packed into their tag; SciPy and MATLAB expect that of names.
  if (bytes.length > 0 && bytes.length <= 4) {
    const packed = Buffer.alloc(8);
    packed.writeUInt32LE((bytes.length << 16) | type, 0);
    packed.set(bytes, 4);
    return packed;
  }
  return Buffer.concat([encodeTag(type, bytes.length), bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}

function encodeTag(type: number, length: number): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(length, 4);
  return tag;
}
