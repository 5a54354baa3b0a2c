// What PyTorch files hold, as plain values.
import { ArgumentError } from '@hovernet/core';
import type { StoredTensor } from '../stored-tensor.js';

/**
 * A value of a PyTorch file: null for None, numbers (bigint beyond ±2⁵³), text, tensors in C order, arrays for lists, tuples and
 * sets, maps for dictionaries. Values may be shared, but never contain themselves.
 */
export type TorchValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | StoredTensor
  | readonly TorchValue[]
  | ReadonlyMap<string | number, TorchValue>;

/** How deep lists and dictionaries may lie in one another. */
export const maximumDepth = 64;

/** Tells dictionaries from the other values. */
export function isTorchDictionary(value: TorchValue): value is ReadonlyMap<string | number, TorchValue> {
  return value instanceof Map;
}

/** Tells tensors from the other values. */
export function isStoredTensor(value: TorchValue): value is StoredTensor {
  return typeof value === 'object' && value !== null && 'dtype' in value;
}

/**
 * Every tensor in `value`, in its order. Names are the keys (in lists the positions) on the way there, joined by `/`; keys may
 * contain slashes and dots themselves. A value that is a tensor has the name ''.
 * @throws ArgumentError where two tensors get the same name, or values lie in one another without end.
 */
export function listTorchTensors(value: TorchValue): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  collectTensors(value, [], tensors);
  return tensors;
}

function collectTensors(value: TorchValue, path: readonly (string | number)[], found: Map<string, StoredTensor>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isStoredTensor(value)) {
    const name = path.join('/');
    if (found.has(name)) throw new ArgumentError(`listTorchTensors: expected different names, got ${name} twice`);
    found.set(name, value);
    return;
  }
  if (path.length >= maximumDepth) {
    throw new ArgumentError(`listTorchTensors: expected at most ${maximumDepth} levels of values, got more`);
  }
  for (const [key, item] of value.entries()) collectTensors(item, [...path, key], found);
}
