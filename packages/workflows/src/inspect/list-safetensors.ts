// The tensors of a safetensors file. Apart from the other formats, because the model package is slow to load.
import { summarizeNumbers } from '@hovernet/files';
import { readFileBytes } from '@hovernet/files/node';
import { decodeSafetensors } from '@hovernet/files';
import type { FileContent } from './list-file-arrays.js';

/** The tensors of the file at `path`. Throws FileError or UnsupportedError. */
export async function listSafetensors(path: string): Promise<FileContent> {
  const { tensors } = decodeSafetensors(await readFileBytes(path), path);
  const arrays = Array.from(tensors, ([name, { dtype, shape, data }]) => {
    return { name, dtype, shape, ...summarizeNumbers(data) };
  });
  return { format: 'safetensors', arrays };
}
