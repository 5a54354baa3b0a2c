// Named tensors and texts from the bytes of a weight file of either kind.
import { FileError, WeightsError } from '@hovernet/core';
import { decodeSafetensors } from '@hovernet/files';
import { decodeTorchFile, isTorchFile } from '@hovernet/files';
import { unwrapTensors, type UnwrapOptions, type UnwrappedTensors } from './unwrap-tensors.js';

/**
 * Tells safetensors and PyTorch files apart by their first bytes; the name of the file does not matter.
 * @throws FileError for files that are neither, or damaged; WeightsError where a PyTorch file holds no tensors, or for a
 * `key` where there are no dictionaries.
 */
export function decodeTensors(bytes: Uint8Array, options: UnwrapOptions): UnwrappedTensors {
  const { source, key } = options;
  if (isTorchFile(bytes) || startsWith(bytes, 'PK', 0)) return unwrapTensors(decodeTorchFile(bytes, source), options);
  if (!startsWith(bytes, '{', 8)) {
    const found = bytes.length === 0 ? 'an empty file' : 'neither';
    throw new FileError(source, `expected weights, as safetensors or a PyTorch file (.pt, .pth, .tar), got ${found}`);
  }
  if (key !== undefined) {
    throw new WeightsError(`${source}: expected a PyTorch file, where there is a key ${key}, got safetensors`);
  }
  return decodeSafetensors(bytes, source);
}

function startsWith(bytes: Uint8Array, text: string, offset: number): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(offset, offset + text.length)) === text;
}
