// Fits the tensors of a weight file to a network and tells how many there were.
import { WeightsError } from '@hovernet/core';
import type { HoverNetConfig } from './config.js';
import { copyWeightArray, type StateDict, type WeightArray } from './state-dict.js';
import type { StoredTensor } from '@hovernet/files';
import { listTensors, type TensorEntry } from './tensors.js';
import { compareTensors, describeCoverage, type WeightCoverage } from './weight-coverage.js';
import type { Weights } from './weights.js';

export interface LoadOptions {
  /** Refuse a file that does not cover the network exactly; only batch counters may be missing. @default true */
  readonly strict?: boolean;
  /** Gives the tensors that the file does not; needed when `strict` is false and something is missing. */
  readonly initial?: StateDict;
}

/**
 * A complete state dict, independent of the file's arrays, and what it was made of: takes from `tensors` whatever has the name and shape of a tensor of the network. Floats of any width become float32.
 * @throws WeightsError when `strict` and something is missing, unexpected or mismatched, or when a tensor is in neither
 * the file nor `initial`.
 */
export function loadStateDict(
  config: HoverNetConfig,
  tensors: ReadonlyMap<string, StoredTensor>,
  options: LoadOptions = {},
): Pick<Weights, 'state' | 'coverage'> {
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

function assertCovered(entries: readonly TensorEntry[], coverage: WeightCoverage): void {
  const counters = new Set(entries.filter(({ role }) => role === 'batchCount').map(({ name }) => name));
  const missing = coverage.missing.filter((name) => !counters.has(name));
  if (missing.length + coverage.unexpected.length + coverage.mismatched.length === 0) return;
  throw new WeightsError(`loadStateDict: the file fits ${describeCoverage({ ...coverage, missing })}`);
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
