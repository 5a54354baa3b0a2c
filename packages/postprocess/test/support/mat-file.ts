// Reads the numeric matrices of MATLAB v5 files, as far as label files need: little endian, real, two axes.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { referencePath } from '@hovernet/testing';

/** A matrix in row-major order. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Int32Array;
}

/** Matrices of the reference file at `path` by name. */
export function readReferenceMat(path: string): Record<string, Matrix> {
  const file = readFileSync(referencePath(path));
  const matrices: Record<string, Matrix> = {};
  for (let at = 128; at < file.length;) {
    const element = readElement(file, at);
    const body = element.type === 15 ? readElement(inflateSync(element.body), 0) : element;
    const [name, matrix] = readMatrix(body.body);
    matrices[name] = matrix;
    at = element.type === 15 ? at + 8 + element.body.length : element.next;
  }
  return matrices;
}

interface Element {
  readonly type: number;
  readonly body: Buffer;
  readonly next: number;
}

function readElement(file: Buffer, at: number): Element {
  const tag = file.readUInt32LE(at);
  const small = tag >>> 16;
  if (small > 0) return { type: tag & 0xffff, body: file.subarray(at + 4, at + 4 + small), next: at + 8 };
  const size = file.readUInt32LE(at + 4);
  return { type: tag, body: file.subarray(at + 8, at + 8 + size), next: at + 8 + Math.ceil(size / 8) * 8 };
}

function readMatrix(body: Buffer): [name: string, matrix: Matrix] {
  const flags = readElement(body, 0);
  const shape = readElement(body, flags.next);
  const name = readElement(body, shape.next);
  const values = readNumbers(readElement(body, name.next));
  const rows = shape.body.readInt32LE(0);
  const columns = shape.body.readInt32LE(4);
  const data = new Int32Array(rows * columns);
  for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) data[y * columns + x] = values(x * rows + y);
  return [name.body.toString('latin1'), { rows, columns, data }];
}

function readNumbers({ type, body }: Element): (index: number) => number {
  const readers: Record<number, (index: number) => number> = {
    1: (index) => body.readInt8(index),
    2: (index) => body.readUInt8(index),
    3: (index) => body.readInt16LE(2 * index),
    4: (index) => body.readUInt16LE(2 * index),
    5: (index) => body.readInt32LE(4 * index),
    6: (index) => body.readUInt32LE(4 * index),
    7: (index) => body.readFloatLE(4 * index),
    9: (index) => body.readDoubleLE(8 * index),
  };
  const read = readers[type];
  if (!read) throw new Error(`unsupported MATLAB element type ${type}`);
  return read;
}
