// Keeps samples in memory after the deterministic part of their preparation, as MONAI's CacheDataset does.
import type { PixelArray } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { CacheBudget, type CacheLimits } from './cache-budget.js';
import type { Dataset } from './dataset.js';

/** Options of {@link createCacheDataset}. */
export interface CacheOptions<Input, Sample> extends CacheLimits {
  /** Deterministic preparation, done once for each sample that is kept. @default none */
  readonly prepare?: (sample: Input) => Sample | Promise<Sample>;
}

/** A data set that remembers samples; what it returns is shared, so it must not be written to. */
export interface CacheDataset<Sample> extends Dataset<Sample> {
  /** Samples in memory now. */
  readonly cachedCount: number;
  /** Bytes of their arrays. */
  readonly cachedBytes: number;
}

/**
 * `dataset` with a memory: sample i < ⌊rate · length⌋ is read and prepared when first asked for, then kept as it is
 * (uint8 images and classes, int32 labels: 8 bytes a pixel), as long as the memory limit allows.
 * @throws ArgumentError if `rate` is not in 0…1.
 */
export function createCacheDataset<Input, Sample = Input>(
  dataset: Dataset<Input>,
  options: CacheOptions<Input, Sample> = {},
): CacheDataset<Sample> {
  const prepare = options.prepare ?? ((sample: Input) => sample as unknown as Sample);
  const budget = new CacheBudget(dataset.length, options);
  const kept = new Map<number, Promise<Sample>>();

  async function read(index: number): Promise<Sample> {
    return prepare(await dataset.load(index));
  }

  async function readAndKeep(index: number): Promise<Sample> {
    try {
      const sample = await read(index);
      if (!budget.take(countBytes(sample))) kept.delete(index);
      return sample;
    } catch (error) {
      kept.delete(index);
      throw error;
    }
  }

  return {
    length: dataset.length,
    name: (index) => dataset.name(index),
    load(index) {
      const known = kept.get(index);
      if (known) return known;
      if (!budget.wants(index)) return read(index);
      const sample = readAndKeep(index);
      kept.set(index, sample);
      return sample;
    },
    get cachedCount() {
      return budget.count;
    },
    get cachedBytes() {
      return budget.bytes;
    },
  };
}

function countBytes(sample: unknown): number {
  return Object.values(sample ?? {}).reduce<number>((sum, value: unknown) => sum + arrayBytes(value), 0);
}

function arrayBytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  const data = (value as Partial<NdArray<PixelArray>> | null)?.data;
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
}
