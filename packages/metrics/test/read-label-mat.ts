// Reads the arrays of a CoNSeP label file, enough of MAT v5 for that: little endian, compressed, numeric.
import { inflateSync } from 'node:zlib';

/** A numeric array in MATLAB's column-major order. */
export interface LabelArray {
  readonly rows: number;
  readonly columns: number;
  readonly values: number[];
}

export function readLabelMat(file: Uint8Array): Record<string, LabelArray> {
  const arrays: Record<string, LabelArray> = {};
  for (const element of readElements(file.subarray(128))) {
    const [matrix] = readElements(new Uint8Array(inflateSync(element.data)));
    const [, dimensions, name, values] = readElements(matrix!.data);
    const [rows, columns] = readNumbers(dimensions!);
    arrays[new TextDecoder().decode(name!.data)] = { rows: rows!, columns: columns!, values: readNumbers(values!) };
  }
  return arrays;
}

interface Element {
  readonly type: number;
  readonly data: Uint8Array;
}

function readElements(bytes: Uint8Array): Element[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const compressedType = 15;
  const elements: Element[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const tag = view.getUint32(at, true);
    const isSmall = tag >>> 16 !== 0;
    const type = tag & 0xffff;
    const length = isSmall ? tag >>> 16 : view.getUint32(at + 4, true);
    const start = at + (isSmall ? 4 : 8);
    elements.push({ type, data: bytes.subarray(start, start + length) });
    at = isSmall ? at + 8 : start + (type === compressedType ? length : Math.ceil(length / 8) * 8);
  }
  return elements;
}

function readNumbers({ type, data }: Element): number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const readers: Record<number, [size: number, read: (at: number) => number]> = {
    1: [1, (at) => view.getInt8(at)],
    2: [1, (at) => view.getUint8(at)],
    3: [2, (at) => view.getInt16(at, true)],
    4: [2, (at) => view.getUint16(at, true)],
    5: [4, (at) => view.getInt32(at, true)],
    6: [4, (at) => view.getUint32(at, true)],
    7: [4, (at) => view.getFloat32(at, true)],
    9: [8, (at) => view.getFloat64(at, true)],
  };
  const [size, read] = readers[type]!;
  return Array.from({ length: data.length / size }, (_, index) => read(index * size));
}
