// The tensors of a PyTorch file. Apart from the other formats, because the model package is slow to load.
import { summarizeNumbers } from '@hovernet/files';
import { listTorchTensors } from '@hovernet/files';
import { readTorchFile } from '@hovernet/files/node';
import type { FileContent } from './list-file-arrays.js';

/** The tensors of the file at `path`, in its order; what else it holds is left out. Throws FileError or UnsupportedError. */
export async function listTorch(path: string): Promise<FileContent> {
  const tensors = listTorchTensors(await readTorchFile(path));
  const arrays = Array.from(tensors, ([name, { dtype, shape, data }]) => {
    return { name, dtype, shape, ...summarizeNumbers(data) };
  });
  return { format: 'torch', arrays };
}
