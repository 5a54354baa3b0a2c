// What the pickle machine makes: plain values, and stand-ins for what PyTorch would make.
import { FileError } from '@hovernet/core';
import type { StoredDtype } from '../../stored-tensor.js';

/** A function or class that a pickle names. Nothing is ever looked up by the name but the list of allowed ones. */
export class GlobalName {
  constructor(readonly name: string) {}
}

/** A storage: the elements that tensors are windows of. */
export class StorageReference {
  constructor(
    /** Names the storage in the file. */
    readonly key: string,
    /** null for bytes that each tensor gives a type. */
    readonly dtype: StoredDtype | null,
    /** Elements, or bytes where there is no type. */
    readonly count: number,
    /** The part of it that is meant: files of the first versions of PyTorch have storages in storages. */
    readonly part: { readonly start: number; readonly count: number } = { start: 0, count },
  ) {}
}

/** A tensor before its storage is read. The numbers are the pickle's, unchecked but for being whole and not negative. */
export class TensorReference {
  constructor(
    readonly storage: StorageReference,
    readonly dtype: StoredDtype,
    /** In elements of the storage. */
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** Lists, tuples and sets are arrays. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<string | number, PickleValue>
  | GlobalName
  | StorageReference
  | TensorReference;

/** What `value` is called in errors. */
export function describePickleValue(value: PickleValue | undefined): string {
  if (value === null || value === undefined) return value === null ? 'None' : 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value !== 'object') return String(value).slice(0, 40);
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a dictionary';
  if (value instanceof GlobalName) return value.name;
  if (value instanceof StorageReference) return 'a storage';
  return value instanceof TensorReference ? 'a tensor' : 'bytes';
}

/** A pickle that does not hold together. */
export function createPickleError(source: string, expected: string, got: PickleValue | undefined): FileError {
  return new FileError(source, `damaged pickle: expected ${expected}, got ${describePickleValue(got)}`);
}
