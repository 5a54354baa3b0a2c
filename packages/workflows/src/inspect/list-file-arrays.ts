// What is in a file of arrays or weights.
import { UnsupportedError } from '@hovernet/core';
import { listArrays } from '@hovernet/files/node';
import { extname } from 'node:path';

/**
 * One array: min, max and sum leave NaN out and are null where there are no numbers to compare; infinities are null in JSON.
 * What is nested is named by its path, joined by `/`.
 */
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
    case '.jpg':
    case '.jpeg':
    case '.tif':
    case '.tiff':
      return listArrays(path);
    case '.safetensors':
      return (await import('./list-safetensors.js')).listSafetensors(path);
    case '.pt':
    case '.pth':
    case '.tar':
      return (await import('./list-torch.js')).listTorch(path);
    default:
      throw new UnsupportedError(
        `${path}: expected a .mat, .npy, .npz, .png, .jpg, .tif, .safetensors, .pt, .pth or .tar file`,
      );
  }
}
