// Batch counters as text: they have 64 bits, and the weights of a TensorFlow.js model at most 32.
import { WeightsError } from '@hovernet/core';
import type { StateDict, WeightArray } from '../state-dict.js';

/** Key of the counters in a model's metadata. */
export const batchCountsKey = 'hovernet.batch_counts';

/** The counters of `state` by name, as a JSON object of decimal numbers in texts. */
export function describeBatchCounts(state: StateDict): string {
  const counts: Record<string, string> = {};
  for (const [name, { dtype, data }] of state) if (dtype === 'int64') counts[name] = String(data[0]);
  return JSON.stringify(counts);
}

/**
 * The counters that {@link describeBatchCounts} wrote; `source` names the file in errors.
 * @throws WeightsError for anything else.
 */
export function parseBatchCounts(text: string, source: string): Map<string, WeightArray> {
  const counts = Object.entries(parseObject(text, source)).map(([name, value]) => {
    if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) fail(source);
    return [name, { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(value)) }] as const;
  });
  return new Map(counts);
}

function parseObject(text: string, source: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below, as for any other text that is no object.
  }
  return fail(source);
}

function fail(source: string): never {
  throw new WeightsError(`${source}: ${batchCountsKey} in its metadata is not an object of integers in texts`);
}
