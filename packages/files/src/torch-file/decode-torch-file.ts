// Reading what torch.save wrote, without PyTorch and without running anything that the file asks for.
import { FileError } from '@hovernet/core';
import { buildTorchValue } from './build-torch-value.js';
import { isLegacyFile, openLegacyFile } from './legacy-layout.js';
import { MemoryBudget } from '../memory-budget.js';
import { StorageReader } from './storage-reader.js';
import type { TorchValue } from './torch-value.js';
import { isZipFile, listsPickle, openZipFile } from './zip-layout.js';

export interface DecodeTorchFileOptions {
  /**
   * Most bytes that may be allocated for tensors which cannot be views of the file (half-precision, compressed, strided or not
   * aligned ones), and for everything else once more. @default for tensors twice the file's size, 1 MiB at least; for
   * everything else half of it, 32 MiB at least
   */
  readonly maxBytes?: number;
}

const leastTensorBytes = 2 ** 20;
const leastStructureBytes = 2 ** 25;

/** Whether `bytes` are what torch.save writes, told by names and magic numbers alone: an archive with a pickle, or the legacy layout. */
export function isTorchFile(bytes: Uint8Array): boolean {
  return isLegacyFile(bytes) || (isZipFile(bytes) && listsPickle(bytes));
}

/**
 * Reads a file of torch.save, in the zip layout or the legacy one (before PyTorch 1.6): tensors in C order, in lists and
 * dictionaries. Tensors may be views of `bytes`, and share memory where they share a storage. `source` names the file in errors.
 * @throws FileError where the file is damaged, asks for anything but what tensors need (the error names it), or needs more memory
 * than `maxBytes`; UnsupportedError for complex, quantised, sparse and 8-bit float tensors, NumPy values, networks saved with
 * their code, and big-endian files.
 */
export function decodeTorchFile(bytes: Uint8Array, source: string, options: DecodeTorchFileOptions = {}): TorchValue {
  const { maxBytes } = options;
  const structureBytes = Math.max(leastStructureBytes, maxBytes ?? bytes.length / 2);
  const structureMemory = createBudget(source, structureBytes, 'its pickle');
  const tensorBytes = maxBytes ?? Math.max(leastTensorBytes, 2 * bytes.length);
  const tensorMemory = createBudget(source, tensorBytes, 'its tensors');
  // Without the methods of Node's Buffer, of which some differ.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const open = selectLayout(plain, source);
  const { root, pickleSize, findStorage } = open(plain, { source, structureMemory, tensorMemory });
  const storages = new StorageReader(findStorage, source, tensorMemory);
  return buildTorchValue(root, { source, storages, maximumWalk: 1e6 + 4 * pickleSize });
}

function selectLayout(bytes: Uint8Array, source: string): typeof openZipFile {
  if (isLegacyFile(bytes)) return openLegacyFile;
  if (isZipFile(bytes)) return openZipFile;
  throw new FileError(source, 'not a PyTorch file: expected a zip archive or a pickle that torch.save wrote');
}

/** `purpose` says in the error what takes `limit` bytes. */
function createBudget(source: string, limit: number, purpose: string): MemoryBudget {
  const problem = `${purpose} would take more than ${limit} bytes; give a larger maxBytes if you trust the file`;
  return new MemoryBudget(source, limit, problem);
}
