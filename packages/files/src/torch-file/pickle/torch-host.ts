// The functions and classes that PyTorch's weight files name, and what stands for their results. Nothing else is allowed.
import { FileError, UnsupportedError } from '@hovernet/core';
import type { StoredDtype } from '../../stored-tensor.js';
import type { MemoryBudget } from '../../memory-budget.js';
import { pickleBytes, type PickleHost } from './pickle-machine.js';
import { createPickleError, GlobalName, StorageReference, TensorReference, type PickleValue } from './pickle-value.js';

/** Element types of storages, under the names that PyTorch has for their classes. */
const storageTypes: ReadonlyMap<string, StoredDtype | null> = new Map<string, StoredDtype | null>([
  ['torch.DoubleStorage', 'float64'],
  ['torch.FloatStorage', 'float32'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
  ['torch.storage.UntypedStorage', null],
  ['torch.UntypedStorage', null],
]);

/** Element types of tensors in storages that have none. */
const tensorTypes: ReadonlyMap<string, StoredDtype> = new Map<string, StoredDtype>([
  ['torch.uint16', 'uint16'],
  ['torch.uint32', 'uint32'],
  ['torch.uint64', 'uint64'],
]);

/** More axes than PyTorch can have. */
const maximumRank = 64;

export interface TorchHostOptions {
  /** Names the file in errors. */
  readonly source: string;
  readonly memory: MemoryBudget;
  /** Receives every storage that is named, by its key. */
  readonly storages: Map<string, StorageReference>;
}

type Call = (args: readonly PickleValue[], options: TorchHostOptions) => PickleValue;

const calls: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_tensor_v3', rebuildTensorOfType],
  ['torch._utils._rebuild_parameter', rebuildParameter],
  ['torch._utils._rebuild_parameter_with_state', rebuildParameter],
  ['torch.Size', passItems],
  ['collections.OrderedDict', createDictionary],
  ['builtins.set', passItems],
  ['builtins.frozenset', passItems],
  ['__builtin__.set', passItems],
  ['__builtin__.frozenset', passItems],
]);

/** What exists in PyTorch but not here, by a pattern of its name. */
const unsupported: readonly (readonly [RegExp, string])[] = [
  [/^torch\.Complex\w+Storage$|^torch\.complex\d+$/, 'complex tensors are'],
  [/^torch\.QU?Int\w+Storage$|^torch\.qu?int\w+$|\._rebuild_qtensor$/, 'quantised tensors are'],
  [/^torch\.(float8|float4|bits)\w*$/, 'tensors of this type are'],
  [/^torch\._utils\._rebuild_sparse\w*$/, 'sparse tensors are'],
  [
    /^torch\._utils\._rebuild_(nested|meta|wrapper|device|xla|ort|mlc)\w*$|\._rebuild_from_type\w*$/,
    'tensors of this kind are',
  ],
  [/^numpy\./, 'NumPy arrays and scalars are'],
];

/** What pickles of weights may ask for. */
export function createTorchHost(options: TorchHostOptions): PickleHost {
  const { source } = options;
  return {
    findGlobal: (name) => findGlobal(name, source),
    call: (callee, args) => {
      const implementation = callee instanceof GlobalName ? calls.get(callee.name) : undefined;
      if (!implementation) throw createPickleError(source, 'a function to call', callee);
      if (!Array.isArray(args)) throw createPickleError(source, 'a tuple of arguments', args);
      return implementation(args, options);
    },
    loadPersistent: (id) => loadStorage(id, options),
  };
}

function findGlobal(name: string, source: string): PickleValue {
  if (calls.has(name) || storageTypes.has(name) || tensorTypes.has(name)) return new GlobalName(name);
  const shown = name.length > 120 ? `${name.slice(0, 120)}…` : name;
  const reason = unsupported.find(([pattern]) => pattern.test(name))?.[1];
  if (reason) {
    throw new UnsupportedError(`${source}: ${reason} not supported (${shown}); save tensors of plain numbers instead`);
  }
  throw new FileError(
    source,
    `asks for ${JSON.stringify(shown)}, which no weight file needs, so nothing of it is read; save model.state_dict() alone`,
  );
}

/** `('storage', type, key, location, count[, view])`, where view is null or `(key, start, count)`. */
function loadStorage(id: PickleValue, { source, storages }: TorchHostOptions): StorageReference {
  const [kind, type, key, , count, view = null] = Array.isArray(id) ? id : [];
  if (kind === 'module') {
    throw new UnsupportedError(`${source}: holds a whole network with its code; save model.state_dict() instead`);
  }
  const dtype = type instanceof GlobalName ? storageTypes.get(type.name) : undefined;
  if (kind !== 'storage' || dtype === undefined || !isKey(key) || !isCount(count)) {
    throw createPickleError(source, 'a storage with type, key and size', id);
  }
  const known = storages.get(key) ?? new StorageReference(key, dtype, count);
  if (known.dtype !== dtype || known.count !== count) {
    throw new FileError(source, `its storage ${key} is described in two ways that differ in type or size`);
  }
  storages.set(key, known);
  if (view === null) return known;
  const [, start, part] = Array.isArray(view) ? view : [];
  if (!isCount(start) || !isCount(part) || start + part > count) {
    throw createPickleError(source, `a part of storage ${key} with start and size inside it`, view);
  }
  return new StorageReference(key, dtype, count, { start, count: part });
}

/** `(storage, offset, shape, strides[, requires_grad, hooks[, metadata]])` */
function rebuildTensor(args: readonly PickleValue[], { source }: TorchHostOptions): TensorReference {
  const dtype = args[0] instanceof StorageReference ? args[0].dtype : null;
  if (dtype === null) throw createPickleError(source, 'a storage with a type', args[0]);
  assertNoMetadata(args[6], source);
  return createTensor(args, dtype, source);
}

/** `(storage, offset, shape, strides, requires_grad, hooks, dtype[, metadata])` */
function rebuildTensorOfType(args: readonly PickleValue[], { source }: TorchHostOptions): TensorReference {
  const type = args[6];
  const dtype = type instanceof GlobalName ? tensorTypes.get(type.name) : undefined;
  if (dtype === undefined) throw createPickleError(source, 'an element type', type);
  if (args[0] instanceof StorageReference && args[0].dtype !== null) {
    throw createPickleError(source, 'a storage without a type', args[0]);
  }
  assertNoMetadata(args[7], source);
  return createTensor(args, dtype, source);
}

function createTensor(
  [storage, offset, shape, strides]: readonly PickleValue[],
  dtype: StoredDtype,
  source: string,
): TensorReference {
  if (!(storage instanceof StorageReference)) throw createPickleError(source, 'a storage', storage);
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length) {
    throw new FileError(source, 'damaged pickle: a tensor lacks an offset, or a shape and strides of one length');
  }
  return new TensorReference(storage, dtype, offset, shape, strides);
}

/** Tensors can be marked as negated or conjugated without being so in their storage. */
function assertNoMetadata(metadata: PickleValue | undefined, source: string): void {
  if (metadata === undefined || metadata === null || (metadata instanceof Map && metadata.size === 0)) return;
  throw new UnsupportedError(
    `${source}: tensors that are negated or conjugated when read; save tensor.clone() instead`,
  );
}

function rebuildParameter([tensor]: readonly PickleValue[], { source }: TorchHostOptions): PickleValue {
  if (tensor instanceof TensorReference) return tensor;
  throw createPickleError(source, 'the tensor of a parameter', tensor);
}

function passItems([items = []]: readonly PickleValue[], { source }: TorchHostOptions): PickleValue {
  if (Array.isArray(items)) return items;
  throw createPickleError(source, 'a list', items);
}

/** Empty, or of a list of pairs, as Python 2 wrote it. */
function createDictionary([pairs = []]: readonly PickleValue[], { source, memory }: TorchHostOptions): PickleValue {
  if (!Array.isArray(pairs)) throw createPickleError(source, 'a list of pairs', pairs);
  memory.take(pickleBytes.entry * pairs.length);
  const dictionary = new Map<string | number, PickleValue>();
  for (const pair of pairs) {
    const [key, value] = Array.isArray(pair) ? pair : [];
    if ((typeof key !== 'string' && typeof key !== 'number') || value === undefined) {
      throw createPickleError(source, 'a key and a value', pair);
    }
    dictionary.set(key, value);
  }
  return dictionary;
}

/** Keys are counters or addresses: short, and nothing that could be a path. */
function isKey(value: PickleValue | undefined): value is string {
  return typeof value === 'string' && /^[\w.-]{1,64}$/.test(value);
}

function isCount(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= maximumRank && value.every(isCount);
}
