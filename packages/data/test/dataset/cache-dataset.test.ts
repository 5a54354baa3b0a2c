import { createLabelMap } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { createCacheDataset } from '../../src/dataset/cache-dataset.js';
import { type Dataset } from '../../src/index.js';

function countingDataset(length: number) {
  const loads = new Array<number>(length).fill(0);
  const dataset: Dataset<{ map: ReturnType<typeof createLabelMap> }> = {
    length,
    name: (index) => `s${index}`,
    load: (index) => {
      loads[index]!++;
      return Promise.resolve({ map: createLabelMap(5, 5) });
    },
  };
  return { dataset, loads };
}

const loadAll = async (dataset: Dataset<unknown>) => {
  for (let index = 0; index < dataset.length; index++) await dataset.load(index);
};

describe('createCacheDataset', () => {
  it('reads and prepares each sample once, even when asked twice at a time', async () => {
    const { dataset, loads } = countingDataset(3);
    let prepared = 0;
    const cache = createCacheDataset(dataset, { prepare: ({ map }) => ({ map, number: ++prepared }) });
    const [first, again] = await Promise.all([cache.load(1), cache.load(1)]);
    expect(again).toBe(first);
    await loadAll(cache);
    expect(loads).toEqual([1, 1, 1]);
    expect([prepared, cache.cachedCount, cache.cachedBytes, cache.name(2)]).toEqual([3, 3, 300, 's2']);
  });

  it('keeps the first share of the samples', async () => {
    const { dataset, loads } = countingDataset(5);
    const cache = createCacheDataset(dataset, { rate: 0.5 });
    await loadAll(cache);
    await loadAll(cache);
    expect(loads).toEqual([1, 1, 2, 2, 2]);
  });

  it('stops keeping at the memory limit', async () => {
    const { dataset, loads } = countingDataset(4);
    const cache = createCacheDataset(dataset, { memoryLimitBytes: 250 });
    await loadAll(cache);
    await loadAll(cache);
    expect(loads).toEqual([1, 1, 2, 2]);
    expect(cache.cachedBytes).toBe(200);
  });

  it('tries again after a failure', async () => {
    let fail = true;
    const dataset: Dataset<object> = {
      length: 1,
      name: () => 'a',
      load: () => (fail ? Promise.reject(new Error('busy')) : Promise.resolve({ ok: true })),
    };
    const cache = createCacheDataset(dataset);
    await expect(cache.load(0)).rejects.toThrow('busy');
    fail = false;
    await expect(cache.load(0)).resolves.toEqual({ ok: true });
  });

  it('refuses a rate beyond 1', () => {
    expect(() => createCacheDataset(countingDataset(1).dataset, { rate: 1.5 })).toThrow('expected a rate of 0 to 1');
  });
});
