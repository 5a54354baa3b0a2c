// What is in a file of arrays: names, types, shapes and a summary of the numbers.
import { extname } from 'node:path';
import { UnsupportedError } from '@hovernet/core';
import { isNumericArray, type MatValue } from './mat/mat-value.js';
import { readMat } from './mat/read-mat.js';
import { readNpy } from './npy/npy.js';
import { readNpz } from './npy/npz.js';
import { numbersPerElement } from './numeric-array.js';
import { readPng } from './png/png.js';
import { summarizeNumbers, type NumberSummary } from './summarize-numbers.js';

/** One array of a file; minimum, maximum and sum are null for text, cells, structures and complex arrays too. */
export interface ArraySummary extends NumberSummary {
  /** Its name in the file; `array` in .npy, `image` in .png. */
  readonly name: string;
  readonly dtype: MatValue['dtype'];
  readonly shape: readonly number[];
}

/** The arrays of a file. */
export interface FileSummary {
  readonly format: 'mat' | 'npy' | 'npz' | 'png';
  readonly arrays: readonly ArraySummary[];
}

/**
 * Summarises the .mat, .npy, .npz or .png file at `path`, told apart by its ending.
 * @throws FileError if it is missing or damaged; UnsupportedError for other endings.
 */
export async function listArrays(path: string): Promise<FileSummary> {
  const ending = extname(path).slice(1).toLowerCase();
  switch (ending) {
    case 'mat':
      return { format: 'mat', arrays: Array.from(await readMat(path), ([name, value]) => summarize(name, value)) };
    case 'npz':
      return { format: 'npz', arrays: Array.from(await readNpz(path), ([name, value]) => summarize(name, value)) };
    case 'npy':
      return { format: 'npy', arrays: [summarize('array', await readNpy(path))] };
    case 'png': {
      const { data, shape } = await readPng(path);
      return { format: 'png', arrays: [summarize('image', { dtype: 'uint8', shape, data })] };
    }
    default:
      throw new UnsupportedError(`${path}: expected a .mat, .npy, .npz or .png file, got '.${ending}'`);
  }
}

function summarize(name: string, value: MatValue): ArraySummary {
  const { dtype, shape } = value;
  const numbers = isNumericArray(value) && numbersPerElement(value.dtype) === 1 ? value.data : [];
  return { name, dtype, shape, ...summarizeNumbers(numbers) };
}
