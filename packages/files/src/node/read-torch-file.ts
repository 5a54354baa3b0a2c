// Files of PyTorch on disk.
import { decodeTorchFile, type DecodeTorchFileOptions } from '../torch-file/decode-torch-file.js';
import type { TorchValue } from '../torch-file/torch-value.js';
import { readFileBytes } from './read-file-bytes.js';

/** What the file at `path` holds, as `decodeTorchFile`. @throws FileError where it cannot be read; as `decodeTorchFile`. */
export async function readTorchFile(path: string, options: DecodeTorchFileOptions = {}): Promise<TorchValue> {
  return decodeTorchFile(await readFileBytes(path), path, options);
}
