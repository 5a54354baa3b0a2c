// The tensors of a safetensors file. Apart from the other formats, because the model package is slow to load.
import { readFileBytes, summarizeNumbers } from '@hovernet/data';
import { decodeSafetensors } from '@hovernet/model';
import type { FileContent } from './list-file-arrays.js';

/** The tensors of the file at `path`. Throws FileError or UnsupportedError. */
export async function listSafetensors(path: string): Promise<FileContent> {
  const { tensors } = decodeSafetensors(await readFileBytes(path), path);
  const arrays = Array.from(tensors, ([name, { dtype, shape, data }]) => {
    return { name, dtype, shape, ...summarizeNumbers(data) };
  });
  return { format: 'safetensors', arrays };
}
