// What is in a file of arrays or weights.
import { UnsupportedError } from '@hovernet/core';
import { listArrays, readFileBytes } from '@hovernet/data';
import { extname } from 'node:path';
import { summarizeNumbers } from './summarize-numbers.js';

/** One array: min, max and sum leave NaN out and are null where there are no numbers. */
export interface ArrayRecord {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number | null;
}

export interface FileContent {
  readonly format: string;
  readonly arrays: readonly ArrayRecord[];
}

/** The arrays of the file at `path`, told apart by its ending. Throws FileError, or UnsupportedError for other endings. */
export async function listFileArrays(path: string): Promise<FileContent> {
  switch (extname(path).toLowerCase()) {
    case '.mat':
    case '.npy':
    case '.npz':
    case '.png':
      return listArrays(path);
    case '.safetensors':
      return listSafetensors(path);
    default:
      throw new UnsupportedError(`${path}: expected a .mat, .npy, .npz, .png or .safetensors file`);
  }
}

async function listSafetensors(path: string): Promise<FileContent> {
  const { decodeSafetensors } = await import('@hovernet/model');
  const { tensors } = decodeSafetensors(await readFileBytes(path), path);
  const arrays = Array.from(tensors, ([name, { dtype, shape, data }]) => {
    return { name, dtype, shape, ...summarizeNumbers(data) };
  });
  return { format: 'safetensors', arrays };
}
