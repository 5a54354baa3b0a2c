// From what a pickle made to plain values: tensors are read, and what no caller could walk through is refused.
import { FileError, UnsupportedError } from '@hovernet/core';
import { elementTypes } from '../element-types.js';
import type { StoredTensor } from '../stored-tensor.js';
import { countElements } from '../numeric-array.js';
import { windowEnd } from './gather-elements.js';
import { describePickleValue, TensorReference, type PickleValue } from './pickle/pickle-value.js';
import type { StorageReader } from './storage-reader.js';
import { maximumDepth, type TorchValue } from './torch-value.js';

export interface BuildOptions {
  /** Names the file in errors. */
  readonly source: string;
  readonly storages: StorageReader;
  /** Most values, and letters of the names of tensors, that a walk through the whole value may meet. */
  readonly maximumWalk: number;
}

/** A value that is done. Shared ones count wherever they occur: small files can hold what nobody could walk through. */
interface Built {
  readonly value: TorchValue;
  /** Lists and dictionaries in one another. */
  readonly depth: number;
  /** Values in it, itself included. */
  readonly values: number;
  /** Letters of the names of all tensors in it, as seen from here. */
  readonly letters: number;
  readonly tensors: number;
}

/**
 * Builds the value that `root` describes; what is shared stays shared.
 * @throws FileError for values that contain themselves or lie too deep, for tensors outside of their storage, and where
 * the memory for tensors is used up; UnsupportedError for bytes, and for functions, classes and storages on their own.
 */
export function buildTorchValue(root: PickleValue, options: BuildOptions): TorchValue {
  return new Builder(options).build(root, 0).value;
}

class Builder {
  /** null while a value is being built. */
  private readonly built = new Map<PickleValue, Built | null>();

  constructor(private readonly options: BuildOptions) {}

  build(value: PickleValue, level: number): Built {
    if (typeof value !== 'object' || value === null) return { value, depth: 0, values: 1, letters: 0, tensors: 0 };
    const { source, maximumWalk } = this.options;
    const known = this.built.get(value);
    if (known === null) throw new FileError(source, 'damaged pickle: a value contains itself');
    const depth = known?.depth ?? (value instanceof TensorReference ? 0 : 1);
    if (level + depth > maximumDepth) {
      throw new FileError(source, `expected at most ${maximumDepth} levels of lists and dictionaries, got more`);
    }
    if (known) return known;
    this.built.set(value, null);
    const done = this.buildObject(value, level);
    if (done.values + done.letters > maximumWalk) {
      throw new FileError(source, 'damaged pickle: it repeats values so often that they would not end');
    }
    this.built.set(value, done);
    return done;
  }

  private buildObject(value: PickleValue & object, level: number): Built {
    if (value instanceof TensorReference) {
      return { value: readTensor(value, this.options), depth: 0, values: 1, letters: 0, tensors: 1 };
    }
    if (Array.isArray(value)) {
      const items: TorchValue[] = [];
      return this.buildItems(items, value.entries(), level, (_, item) => items.push(item));
    }
    if (value instanceof Map) {
      const entries = new Map<string | number, TorchValue>();
      return this.buildItems(entries, value.entries(), level, (key, item) => entries.set(key, item));
    }
    const what = describePickleValue(value);
    throw new UnsupportedError(`${this.options.source}: holds ${what} on its own; expected tensors, numbers and text`);
  }

  /** Builds what is in `container`, and has `put` put it there. */
  private buildItems<Key extends string | number>(
    container: TorchValue,
    entries: Iterable<[Key, PickleValue]>,
    level: number,
    put: (key: Key, item: TorchValue) => void,
  ): Built {
    let [depth, values, letters, tensors] = [1, 1, 0, 0];
    for (const [key, entry] of entries) {
      const item = this.build(entry, level + 1);
      put(key, item.value);
      depth = Math.max(depth, item.depth + 1);
      values += item.values;
      letters += item.letters + item.tensors * (String(key).length + 1);
      tensors += item.tensors;
    }
    return { value: container, depth, values, letters, tensors };
  }
}

function readTensor(reference: TensorReference, { source, storages }: BuildOptions): StoredTensor {
  const { storage, dtype, shape, strides } = reference;
  const { start, count: available } = partOf(reference);
  const end = windowEnd(reference);
  if (end > available) {
    throw new FileError(
      source,
      `damaged pickle: a tensor [${shape.join(', ')}] with strides [${strides.join(', ')}] ends at element ${end} of ` +
        `storage ${storage.key}, which has ${available}`,
    );
  }
  const count = shape.includes(0) ? 0 : countElements(shape);
  const offset = count === 0 ? 0 : start + reference.offset;
  return { dtype, shape, data: storages.readWindow(storage, dtype, { offset, shape, strides, count }) };
}

/** In elements of the tensor. */
function partOf({ storage: { dtype, part }, dtype: itemType }: TensorReference): { start: number; count: number } {
  const itemBytes = dtype === null ? elementTypes[itemType].bytes : 1;
  return { start: Math.floor(part.start / itemBytes), count: Math.floor(part.count / itemBytes) };
}
