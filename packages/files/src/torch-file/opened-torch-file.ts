// What both layouts come down to: a pickle, and storages that it names.
import type { MemoryBudget } from '../memory-budget.js';
import type { PickleValue } from './pickle/pickle-value.js';
import type { FindStorage } from './storage-reader.js';

/** A file whose pickle is read and whose storages can be. */
export interface OpenedTorchFile {
  readonly root: PickleValue;
  /** Bytes of the pickle. */
  readonly pickleSize: number;
  readonly findStorage: FindStorage;
}

/** What opening a file of either layout needs. */
export interface OpenTorchFileOptions {
  /** Names the file in errors. */
  readonly source: string;
  /** For the pickle and what it makes, and the directory of an archive. */
  readonly structureMemory: MemoryBudget;
  /** For contents of storages. */
  readonly tensorMemory: MemoryBudget;
}
