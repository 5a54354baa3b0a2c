// Keeps samples in memory after the deterministic part of their preparation, as MONAI's CacheDataset does.
import { ArgumentError, type PixelArray } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import type { Dataset } from './dataset.js';

/** Options of {@link createCacheDataset}. */
export interface CacheOptions<Input, Sample> {
  /** Share of the samples to keep, the first ones, 0…1. @default 1 */
  readonly rate?: number;
  /** Most bytes of arrays to keep; samples beyond it are read each time. @default Infinity */
  readonly memoryLimitBytes?: number;
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
export function createCacheDataset<Input, Sample extends object = Input & object>(
  dataset: Dataset<Input>,
  options: CacheOptions<Input, Sample> = {},
): CacheDataset<Sample> {
  const { rate = 1, memoryLimitBytes = Infinity } = options;
  if (!(rate >= 0 && rate <= 1)) throw new ArgumentError(`createCacheDataset: expected a rate of 0 to 1, got ${rate}`);
  const prepare = options.prepare ?? ((sample: Input) => sample as unknown as Sample);
  const keptLength = Math.floor(rate * dataset.length);
  const kept = new Map<number, Promise<Sample>>();
  let cachedCount = 0;
  let cachedBytes = 0;

  async function read(index: number): Promise<Sample> {
    return prepare(await dataset.load(index));
  }

  async function readAndKeep(index: number): Promise<Sample> {
    try {
      const sample = await read(index);
      const bytes = countBytes(sample);
      if (cachedBytes + bytes > memoryLimitBytes) kept.delete(index);
      else {
        cachedBytes += bytes;
        cachedCount++;
      }
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
      if (index >= keptLength) return read(index);
      const known = kept.get(index);
      if (known) return known;
      const sample = readAndKeep(index);
      kept.set(index, sample);
      return sample;
    },
    get cachedCount() {
      return cachedCount;
    },
    get cachedBytes() {
      return cachedBytes;
    },
  };
}

function countBytes(sample: object): number {
  return Object.values(sample).reduce<number>((sum, value: unknown) => sum + arrayBytes(value), 0);
}

function arrayBytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  const data = (value as Partial<NdArray<PixelArray>> | null)?.data;
  return ArrayBuffer.isView(data) ? data.byteLength : 0;
}
