// Finds the weights in what a PyTorch file holds: a dictionary of tensors, or one inside another.
import { WeightsError } from '@hovernet/core';
import { shortenText } from '../shorten-text.js';
import type { StoredTensor } from '@hovernet/files';
import { isStoredTensor, isTorchDictionary, type TorchValue } from '@hovernet/files';

export interface UnwrappedTensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Texts and numbers beside the tensors, as text. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface UnwrapOptions {
  /** Names the file in errors. */
  readonly source: string;
  /** Key of the dictionary that holds the weights. @default found: desc, model, state_dict, or the file itself */
  readonly key?: string | undefined;
}

type TorchDictionary = ReadonlyMap<string | number, TorchValue>;

/** Keys under which trainers put the weights: the original repository, MONAI, most others. */
const wrappers = ['desc', 'model', 'state_dict'];

/** A file that nests deeper is no weight file; ends also what contains itself. */
const maximumDepth = 4;

/**
 * The tensors of the innermost wrapped dictionary. Other values beside them are left out.
 * @throws WeightsError where there is no dictionary, or no tensor in it, naming the keys that there are.
 */
export function unwrapTensors(root: TorchValue, { source, key }: UnwrapOptions): UnwrappedTensors {
  if (!isTorchDictionary(root)) {
    throw new WeightsError(`${source}: expected a dictionary of tensors, got ${describeKind(root)}`);
  }
  const metadata: Record<string, string> = {};
  let dictionary = root;
  if (key !== undefined) {
    collectTexts(dictionary, metadata);
    dictionary = descend(dictionary, key, source);
  }
  for (let depth = 0; depth < maximumDepth; depth++) {
    collectTexts(dictionary, metadata);
    const inner = wrappers.map((name) => dictionary.get(name) ?? null).find(isTorchDictionary);
    if (!inner) break;
    dictionary = inner;
  }
  const tensors = new Map([...dictionary].filter(isNamedTensor));
  if (tensors.size > 0) return { tensors, metadata };
  throw new WeightsError(
    `${source}: expected tensors, at its top or under one of ${wrappers.join(', ')}, got ${describeKeys(dictionary)}`,
  );
}

function descend(dictionary: TorchDictionary, key: string, source: string): TorchDictionary {
  const inner = dictionary.get(key) ?? null;
  if (isTorchDictionary(inner)) return inner;
  throw new WeightsError(`${source}: expected a dictionary under the key ${key}, got ${describeKeys(dictionary)}`);
}

function collectTexts(dictionary: TorchDictionary, metadata: Record<string, string>): void {
  for (const [name, value] of dictionary) {
    const isText = ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
    // Defined, not assigned, so that a key such as __proto__ stays a key.
    if (isText)
      Object.defineProperty(metadata, String(name), { value: String(value), enumerable: true, configurable: true });
  }
}

function isNamedTensor(entry: readonly [unknown, TorchValue]): entry is [string, StoredTensor] {
  return typeof entry[0] === 'string' && isStoredTensor(entry[1]);
}

function describeKeys(dictionary: TorchDictionary): string {
  const names = [...dictionary.keys()].map((key) => shortenText(String(key)));
  if (names.length === 0) return 'an empty dictionary';
  return `the keys ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
}

function describeKind(value: TorchValue): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a tensor' : `a ${typeof value}`;
}
