// Files of PyTorch on disk.
import { readFile } from 'node:fs/promises';
import { decodeTorchFile, type DecodeTorchFileOptions } from '../torch-file/decode-torch-file.js';
import type { TorchValue } from '../torch-file/torch-value.js';
import { toFileError } from './to-file-error.js';

/** What the file at `path` holds, as `decodeTorchFile`. @throws FileError where it cannot be read; as `decodeTorchFile`. */
export async function readTorchFile(path: string, options: DecodeTorchFileOptions = {}): Promise<TorchValue> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw toFileError(path, cause);
  }
  return decodeTorchFile(bytes, path, options);
}
