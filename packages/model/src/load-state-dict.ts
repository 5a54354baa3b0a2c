// Fits the tensors of a weight file to a network and tells how many there were.
import { WeightsError } from '@hovernet/core';
import type { HoverNetConfig } from './config.js';
import { copyWeightArray, type StateDict, type WeightArray } from './state-dict.js';
import type { StoredTensor } from './stored-tensor.js';
import { listTensors, type TensorEntry } from './tensors.js';

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

export interface LoadOptions {
  /** Refuse a file that does not cover the network exactly; only batch counters may be missing. @default true */
  readonly strict?: boolean;
  /** Gives the tensors that the file does not; needed when `strict` is false and something is missing. */
  readonly initial?: StateDict;
}

/** A complete state dict, independent of the file's arrays, and what it was made of. */
export interface LoadedWeights {
  readonly state: StateDict;
  readonly coverage: WeightCoverage;
}

/**
 * Takes from `tensors` whatever has the name and shape of a tensor of the network. Floats of any width become float32.
 * @throws WeightsError when `strict` and something is missing, unexpected or mismatched, or when a tensor is in neither
 * the file nor `initial`.
 */
export function loadStateDict(
  config: HoverNetConfig,
  tensors: ReadonlyMap<string, StoredTensor>,
  options: LoadOptions = {},
): LoadedWeights {
  const { strict = true, initial } = options;
  const entries = listTensors(config);
  const coverage = compareTensors(entries, tensors);
  if (strict) assertCovered(entries, coverage);
  const skipped = new Set([...coverage.missing, ...coverage.mismatched.map(({ name }) => name)]);
  const state = new Map<string, WeightArray>();
  for (const entry of entries) {
    const tensor = skipped.has(entry.name) ? undefined : convertTensor(entry, tensors.get(entry.name)!);
    const array = tensor ?? fallback(entry, initial);
    if (!array) throw new WeightsError(`loadStateDict: neither the file nor the initial weights have ${entry.name}`);
    state.set(entry.name, array);
  }
  return { state, coverage };
}

function compareTensors(entries: readonly TensorEntry[], tensors: ReadonlyMap<string, StoredTensor>): WeightCoverage {
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

function assertCovered(entries: readonly TensorEntry[], coverage: WeightCoverage): void {
  const counters = new Set(entries.filter(({ role }) => role === 'batchCount').map(({ name }) => name));
  const problems = [
    summarize(
      'missing',
      coverage.missing.filter((name) => !counters.has(name)),
    ),
    summarize('unexpected', coverage.unexpected),
    summarize(
      'of another shape or type',
      coverage.mismatched.map(({ name, expected, actual }) => `${name} (expected ${expected}, got ${actual})`),
    ),
  ].filter((problem) => problem !== null);
  if (problems.length === 0) return;
  const { loaded, total } = coverage;
  throw new WeightsError(`loadStateDict: the file fits ${loaded} of ${total} tensors; ${problems.join('; ')}`);
}

function summarize(problem: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const shown = names.slice(0, 3).join(', ');
  return `${names.length} ${problem}: ${shown}${names.length > 3 ? ', …' : ''}`;
}

function fits(entry: TensorEntry, { dtype, shape }: StoredTensor): boolean {
  const isFloat = dtype.includes('float');
  const convertible = entry.dtype === 'float32' ? isFloat : !isFloat && dtype !== 'bool';
  return convertible && shape.length === entry.shape.length && shape.every((size, axis) => size === entry.shape[axis]);
}

function convertTensor(entry: TensorEntry, { data }: StoredTensor): WeightArray {
  const { shape } = entry;
  if (entry.dtype === 'float32') return { dtype: 'float32', shape, data: new Float32Array(data as Float32Array) };
  return {
    dtype: 'int64',
    shape,
    data: BigInt64Array.from(data as Int32Array, (count: number | bigint) => BigInt(count)),
  };
}

function fallback(entry: TensorEntry, initial: StateDict | undefined): WeightArray | null {
  const array = initial?.get(entry.name);
  if (array) return copyWeightArray(array);
  return entry.role === 'batchCount' ? { dtype: 'int64', shape: [], data: new BigInt64Array(1) } : null;
}

function describe({ dtype, shape }: { readonly dtype: string; readonly shape: readonly number[] }): string {
  return `${dtype} [${shape.join(', ')}]`;
}
