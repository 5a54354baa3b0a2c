// Integers that files store in wider or other types than they need.
import { FileError } from '@hovernet/core';
import type { NumericArray } from './numeric-array.js';

const lowest = -(2 ** 31);

/** What {@link toInt32} accepts and how its error names it. */
export interface IntegerOptions {
  /** Least number. @default -2³¹ */
  readonly min?: number;
  /** What of the file it is. @default nothing */
  readonly name?: string;
}

/**
 * Elements as uint8; shares the memory of an array that holds bytes.
 * @throws FileError naming `path` if one is no whole number of 0…255.
 */
export function toUint8({ data }: NumericArray, path: string): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) {
    const value = Number(data[i]);
    bytes[i] = value;
    if (bytes[i] !== value) throw new FileError(path, `expected whole numbers of 0 to 255, found ${value}`);
  }
  return bytes;
}

/**
 * Elements as int32; shares the memory of an array that holds int32, unless there is a `min`.
 * @throws FileError naming `path` if one is no whole number of `min`…2³¹ − 1.
 */
export function toInt32({ data, dtype }: NumericArray, path: string, options: IntegerOptions = {}): Int32Array {
  const { min = lowest, name } = options;
  if (data instanceof Int32Array && min <= lowest) return data;
  const integers = new Int32Array(data.length);
  for (let i = 0; i < integers.length; i++) {
    const value = Number(data[i]);
    integers[i] = value;
    if (integers[i] !== value || value < min) {
      const what = name === undefined ? '' : `${name}: `;
      throw new FileError(path, `${what}expected whole numbers of ${min} to 2147483647, found ${value} (${dtype})`);
    }
  }
  return integers;
}
