import type { Random } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { createLoader, createSamples, type Dataset, type Loader, type SamplerState } from '../../src/index.js';
import type { LoaderOptions } from '../../src/index.js';

/** Samples are their own indices; sample i takes a time that has nothing to do with i's order. */
function numbers(length: number): Dataset<number> {
  return {
    length,
    name: String,
    load: async (index) => {
      await new Promise((resolve) => setTimeout(resolve, (index * 7) % 3));
      return index;
    },
  };
}

type NumberOptions = Omit<LoaderOptions<unknown, unknown>, 'collate'>;

function createNumberLoader(length: number, options: NumberOptions) {
  const transform = (index: number, random: Random) => [index, random.nextUint32()] as const;
  const samples = createSamples({ dataset: numbers(length), transform });
  return createLoader(samples, { seed: 11, ...options, collate: (made) => made.flat() });
}

async function collect<B>(loader: Loader<B>, epoch: number, position = 0) {
  const all = [];
  for await (const loaded of loader.batches(epoch, { position })) all.push(loaded);
  return all;
}

describe('createLoader', () => {
  it('hands out every sample once, in order, the last batch smaller', async () => {
    const loader = createNumberLoader(7, { batchSize: 3 });
    const batches = await collect(loader, 0);
    expect(batches.map(({ indices }) => indices)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(loader.batchesPerEpoch).toBe(3);
  });

  it('leaves out the last batch where that is wanted', async () => {
    const loader = createNumberLoader(7, { batchSize: 3, dropLast: true });
    expect((await collect(loader, 0)).map(({ indices }) => indices)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(loader.batchesPerEpoch).toBe(2);
  });

  it('shuffles each epoch in its own way, and the same way each time', async () => {
    const order = async (epoch: number) =>
      (await collect(createNumberLoader(20, { batchSize: 4, shuffle: true }), epoch)).flatMap(({ indices }) => indices);
    const first = await order(0);
    expect(await order(0)).toEqual(first);
    expect(await order(1)).not.toEqual(first);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('gives a sample random numbers that depend on seed, epoch and index alone', async () => {
    const draws = async (epoch: number, options: NumberOptions) => {
      const batches = await collect(createNumberLoader(9, options), epoch);
      const pairs = batches.flatMap(({ batch }) => batch);
      return new Map(pairs.flatMap((value, at) => (at % 2 === 0 ? [[value, pairs[at + 1]!] as const] : [])));
    };
    const alone = await draws(2, { batchSize: 1 });
    const shuffled = await draws(2, { batchSize: 4, shuffle: true });
    for (const [index, draw] of alone) expect(shuffled.get(index)).toBe(draw);
    expect((await draws(3, { batchSize: 1 })).get(0)).not.toBe(alone.get(0));
  });

  it('makes a sample that is drawn twice by weights differently each time, and the same way again', async () => {
    const loader = createNumberLoader(1, { batchSize: 2, shuffle: true, weights: [1], samplesPerEpoch: 4 });
    const [first, second] = await collect(loader, 0);
    expect(new Set([...first!.batch, ...second!.batch].filter((value) => value !== 0)).size).toBe(4);
    expect(await collect(loader, 0)).toEqual([first, second]);
    expect(await collect(loader, 0, 2)).toEqual([second]);
  });

  it('goes on from a saved state with the same batches', async () => {
    const whole = await collect(createNumberLoader(10, { batchSize: 3, shuffle: true }), 4);
    const saved = JSON.parse(JSON.stringify(whole[1]!.next)) as SamplerState;
    expect(saved).toEqual({ epoch: 4, position: 6 });
    const rest = await collect(createNumberLoader(10, { batchSize: 3, shuffle: true }), saved.epoch, saved.position);
    expect(rest).toEqual(whole.slice(2));
    expect(whole.at(-1)!.next).toEqual({ epoch: 5, position: 0 });
  });

  it.each([
    [{}, [0, 1]],
    [{ prefetch: 3 }, [0, 1, 2, 3]],
  ])('makes as many batches ahead as it is told, one by default: %o', async (options, expected) => {
    const started: number[] = [];
    const samples = createSamples({ dataset: numbers(6), transform: (index) => started.push(index) });
    const batches = createLoader(samples, { batchSize: 1, ...options, collate: (made) => made }).batches(0);
    await batches.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(started.sort()).toEqual(expected);
    await batches.return();
  });

  it('throws what reading throws, and nothing when the caller stopped before', async () => {
    const dataset: Dataset<number> = {
      length: 3,
      name: String,
      load: (index) => (index === 1 ? Promise.reject(new Error('bad patch')) : Promise.resolve(index)),
    };
    const samples = createSamples({ dataset, transform: (index) => index });
    const loader = createLoader(samples, { batchSize: 1, collate: (made) => made });
    await expect(collect(loader, 0)).rejects.toThrow('bad patch');
    for await (const { indices } of loader.batches(0)) {
      expect(indices).toEqual([0]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      break;
    }
  });

  it('stops when the signal says so, without waiting for the batch', async () => {
    const slow: Dataset<number> = { length: 9, name: String, load: (index) => new Promise((r) => index || r(0)) };
    const controller = new AbortController();
    const samples = createSamples({ dataset: slow, transform: (index) => index });
    const loader = createLoader(samples, { batchSize: 1, collate: (made) => made });
    const batches = loader.batches(0, { signal: controller.signal });
    await batches.next();
    const next = batches.next();
    controller.abort();
    await expect(next).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(loader.batches(0, { signal: controller.signal }).next()).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });

  it('hands out the share of one of several processes', async () => {
    const share = { rank: 1, size: 2 };
    const loader = createNumberLoader(7, { batchSize: 2, share });
    expect([loader.batchesPerEpoch, loader.samplesPerEpoch]).toEqual([2, 4]);
    const batches = await collect(loader, 3);
    expect(batches.map(({ indices }) => indices)).toEqual([
      [1, 3],
      [5, 0],
    ]);
    const uneven = createNumberLoader(7, { batchSize: 2, share: { ...share, evenDivisible: false } });
    expect((await collect(uneven, 3)).map(({ indices }) => indices)).toEqual([[1, 3], [5]]);
    const kept = createNumberLoader(7, { batchSize: 3, share, dropLast: true });
    expect([kept.batchesPerEpoch, kept.samplesPerEpoch]).toEqual([1, 3]);
  });

  it('has no batches of an empty data set', async () => {
    expect(await collect(createNumberLoader(0, { batchSize: 2 }), 0)).toEqual([]);
  });

  it('refuses a batch of nothing', () => {
    expect(() => createNumberLoader(3, { batchSize: 0 })).toThrow('expected a batch size of at least 1, got 0');
    expect(() => createNumberLoader(3, { batchSize: 1, prefetch: 0.5 })).toThrow('a prefetch of at least 1, got 0.5');
  });
});
