// How far the tensors of a file cover a network.
import { shortenText } from './shorten-text.js';
import type { StoredTensor } from '@hovernet/files';
import type { TensorEntry } from './tensors.js';

/** How far a file covers a network. */
export interface WeightCoverage {
  /** Tensors of the network that were taken from the file. */
  readonly loaded: number;
  /** Tensors of the network. */
  readonly total: number;
  /** Tensors of the network that the file lacks. */
  readonly missing: readonly string[];
  /** Tensors of the file that the network lacks. */
  readonly unexpected: readonly string[];
  /** Tensors of both that have another shape, or a type that cannot be converted. */
  readonly mismatched: readonly TensorMismatch[];
}

/** Both sides as `dtype [shape]`. */
export interface TensorMismatch {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
}

/** Compares names, shapes and kinds of types, not values. */
export function compareTensors(
  entries: readonly TensorEntry[],
  tensors: ReadonlyMap<string, StoredTensor>,
): WeightCoverage {
  const names = new Set(entries.map(({ name }) => name));
  const missing = entries.filter(({ name }) => !tensors.has(name)).map(({ name }) => name);
  const unexpected = [...tensors.keys()].filter((name) => !names.has(name));
  const mismatched = entries.flatMap((entry): TensorMismatch[] => {
    const tensor = tensors.get(entry.name);
    if (!tensor || fits(entry, tensor)) return [];
    return [{ name: entry.name, expected: describe(entry), actual: describe(tensor) }];
  });
  const loaded = entries.length - missing.length - mismatched.length;
  return { loaded, total: entries.length, missing, unexpected, mismatched };
}

/** One line: `795 of 797 tensors; 1 missing: NAME; 1 unexpected: NAME`, with at most three names of each kind. */
export function describeCoverage({ loaded, total, missing, unexpected, mismatched }: WeightCoverage): string {
  const shapes = mismatched.map(({ name, expected, actual }) => `${name} (expected ${expected}, got ${actual})`);
  const problems = [
    summarize('missing', missing),
    summarize('unexpected', unexpected),
    summarize('of another shape or type', shapes),
  ];
  return [`${loaded} of ${total} tensors`, ...problems.filter((problem) => problem !== null)].join('; ');
}

function summarize(problem: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const shown = names.slice(0, 3).map(shortenText).join(', ');
  return `${names.length} ${problem}: ${shown}${names.length > 3 ? ', …' : ''}`;
}

function fits(entry: TensorEntry, { dtype, shape }: StoredTensor): boolean {
  const isFloat = dtype.includes('float');
  const convertible = entry.dtype === 'float32' ? isFloat : !isFloat && dtype !== 'bool';
  return convertible && shape.length === entry.shape.length && shape.every((size, axis) => size === entry.shape[axis]);
}

function describe({ dtype, shape }: { readonly dtype: string; readonly shape: readonly number[] }): string {
  return `${dtype} [${shape.join(', ')}]`;
}
