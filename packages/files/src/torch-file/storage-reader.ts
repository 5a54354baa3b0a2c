// Storages of a PyTorch file, each read once however many tensors share it.
import { FileError } from '@hovernet/core';
import { canView, elementTypes, readElements } from '../element-types.js';
import type { StoredArrays, StoredDtype } from '../stored-tensor.js';
import { gatherElements, isContiguous, type ElementWindow } from './gather-elements.js';
import type { MemoryBudget } from '../memory-budget.js';
import type { StorageReference } from './pickle/pickle-value.js';

type StoredData = StoredArrays[StoredDtype];

/** Finds a storage's bytes, little-endian: `count · itemBytes` of them. Throws FileError where they are not there. */
export type FindStorage = (storage: StorageReference, itemBytes: number) => Uint8Array;

interface OpenStorage {
  readonly dtype: StoredDtype;
  readonly bytes: Uint8Array;
  /** Of all elements; not made before a tensor needs it. */
  values?: StoredData;
}

export class StorageReader {
  private readonly storages = new Map<string, OpenStorage>();

  /** `memory` is charged for all arrays that are no views of the file. */
  constructor(
    private readonly find: FindStorage,
    private readonly source: string,
    private readonly memory: MemoryBudget,
  ) {}

  /**
   * The `count` elements of `window`, which lies in `storage`, in C order: where they are contiguous a view of the file or of an
   * array that all tensors of the storage share, else a copy.
   */
  readWindow(storage: StorageReference, dtype: StoredDtype, window: ElementWindow & { count: number }): StoredData {
    const opened = this.open(storage, dtype);
    const { bytes: itemBytes, array } = elementTypes[dtype];
    const total = Math.floor(opened.bytes.length / itemBytes);
    const isView = canView(dtype, opened.bytes);
    if (isContiguous(window)) {
      if (!isView && !opened.values) this.memory.take(total * array.BYTES_PER_ELEMENT);
      opened.values ??= readElements(dtype, opened.bytes, total);
      return opened.values.subarray(window.offset, window.offset + window.count);
    }
    this.memory.take(window.count * array.BYTES_PER_ELEMENT);
    if (isView) return gatherElements(readElements(dtype, opened.bytes, total), window, window.count);
    const gathered = gatherElements(opened.bytes, splitElements(window, itemBytes), window.count * itemBytes);
    return readElements(dtype, gathered as Uint8Array, window.count);
  }

  private open(storage: StorageReference, dtype: StoredDtype): OpenStorage {
    const { key } = storage;
    let opened = this.storages.get(key);
    if (!opened) {
      const bytes = this.find(storage, storage.dtype === null ? 1 : elementTypes[dtype].bytes);
      opened = { dtype, bytes };
      this.storages.set(key, opened);
    }
    if (opened.dtype === dtype) return opened;
    throw new FileError(this.source, `its storage ${key} is used as ${opened.dtype} and as ${dtype}`);
  }
}

/** The same window of bytes, which are a last axis of each element. */
function splitElements({ offset, shape, strides }: ElementWindow, itemBytes: number): ElementWindow {
  const bytes = strides.map((stride) => stride * itemBytes);
  return { offset: offset * itemBytes, shape: [...shape, itemBytes], strides: [...bytes, 1] };
}
