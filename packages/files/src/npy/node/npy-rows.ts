// Single rows of .npy files that may be larger than the memory: only what is asked for is read.
import { open, type FileHandle } from 'node:fs/promises';
import { FileError, UnsupportedError } from '@hovernet/core';
import { toFileError } from '../../node/to-file-error.js';
import { parseNpyHeader } from '../npy-header.js';
import { countElements, decodeElements, elementBytes, type NumericArray } from '../../numeric-array.js';

/** An array on disk, read along its first axis. */
export interface NpyRows {
  readonly path: string;
  readonly shape: readonly number[];
  /** Row `index`, an array with one axis less. */
  read(index: number): Promise<NumericArray>;
}

/** Headers are shorter in all files but those of structures, which are refused anyway. */
const headerBytes = 2 ** 16;

/**
 * Opens the .npy file at `path`, which holds one axis at least, in C order.
 * @throws FileError if it is missing, truncated or no .npy file; UnsupportedError for Fortran order and for objects, text and
 * structures; `read`: FileError if it cannot be read any more.
 */
export async function openNpyRows(path: string): Promise<NpyRows> {
  const { start, size } = await withFile(path, async (file) => {
    const { size } = await file.stat();
    return { start: await readAt(file, 0, Math.min(headerBytes, size)), size };
  });
  const { dtype, littleEndian, fortranOrder, shape, dataOffset } = parseNpyHeader(start, path);
  const [length, ...rowShape] = shape;
  if (length === undefined) throw new FileError(path, 'expected an array of several images, got a single number');
  if (fortranOrder) {
    throw new UnsupportedError(
      `${path}: expected an array in C order, got Fortran order; save numpy.ascontiguousarray`,
    );
  }
  const rowBytes = countElements(rowShape) * elementBytes(dtype);
  if (!(length * rowBytes <= size - dataOffset)) {
    const got = size - dataOffset;
    throw new FileError(
      path,
      `truncated: ${length * rowBytes} bytes expected for [${shape.join(', ')}] ${dtype}, got ${got}`,
    );
  }
  return {
    path,
    shape,
    read: async (index) => {
      const bytes = await withFile(path, (file) => readAt(file, dataOffset + index * rowBytes, rowBytes));
      if (bytes.length < rowBytes) throw new FileError(path, `truncated in row ${index}; copy or write it again`);
      return { dtype, shape: rowShape, data: decodeElements(bytes, dtype, littleEndian) };
    },
  };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Opened for each use: a data set of many files must not hold them all open. */
async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const file = await open(path);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw toFileError(path, cause);
  }
}
