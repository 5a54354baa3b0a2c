// Storages of a PyTorch file as typed arrays, each read once however many tensors share it.
import { FileError } from '@hovernet/core';
import { countReadBytes, elementTypes, readElements } from '../element-types.js';
import type { StoredArrays, StoredDtype } from '../stored-tensor.js';
import type { MemoryBudget } from './memory-budget.js';
import type { StorageReference } from './pickle/pickle-value.js';

/** Finds a storage's bytes, little-endian: `count · itemBytes` of them. Throws FileError where they are not there. */
export type FindStorage = (storage: StorageReference, itemBytes: number) => Uint8Array;

export class StorageReader {
  private readonly read = new Map<string, { readonly dtype: StoredDtype; readonly data: StoredArrays[StoredDtype] }>();

  constructor(
    private readonly find: FindStorage,
    private readonly source: string,
    private readonly memory: MemoryBudget,
  ) {}

  /** All elements of `storage`, read as `dtype`: a view of the file where possible, else an array that is charged for. */
  readStorage(storage: StorageReference, dtype: StoredDtype): StoredArrays[StoredDtype] {
    const known = this.read.get(storage.key);
    if (known?.dtype === dtype) return known.data;
    if (known) {
      throw new FileError(this.source, `its storage ${storage.key} is used as ${known.dtype} and as ${dtype}`);
    }
    const itemBytes = elementTypes[dtype].bytes;
    const bytes = this.find(storage, storage.dtype === null ? 1 : itemBytes);
    const count = Math.floor(bytes.length / itemBytes);
    this.memory.take(countReadBytes(dtype, bytes, count));
    const data = readElements(dtype, bytes, count);
    this.read.set(storage.key, { dtype, data });
    return data;
  }
}
