import type { Random } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { createLoader, type Dataset, type Loader, type SamplerState } from '../../src/index.js';

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

function createNumberLoader(length: number, options: { batchSize: number; shuffle?: boolean; dropLast?: boolean }) {
  return createLoader(numbers(length), {
    seed: 11,
    ...options,
    transform: (index, random: Random) => [index, random.nextUint32()] as const,
    collate: (samples) => samples.flat(),
  });
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
    const draws = async (epoch: number, options: { batchSize: number; shuffle?: boolean }) => {
      const batches = await collect(createNumberLoader(9, options), epoch);
      const pairs = batches.flatMap(({ batch }) => batch);
      return new Map(pairs.flatMap((value, at) => (at % 2 === 0 ? [[value, pairs[at + 1]!] as const] : [])));
    };
    const alone = await draws(2, { batchSize: 1 });
    const shuffled = await draws(2, { batchSize: 4, shuffle: true });
    for (const [index, draw] of alone) expect(shuffled.get(index)).toBe(draw);
    expect((await draws(3, { batchSize: 1 })).get(0)).not.toBe(alone.get(0));
  });

  it('goes on from a saved state with the same batches', async () => {
    const whole = await collect(createNumberLoader(10, { batchSize: 3, shuffle: true }), 4);
    const saved = JSON.parse(JSON.stringify(whole[1]!.next)) as SamplerState;
    expect(saved).toEqual({ epoch: 4, position: 6 });
    const rest = await collect(createNumberLoader(10, { batchSize: 3, shuffle: true }), saved.epoch, saved.position);
    expect(rest).toEqual(whole.slice(2));
    expect(whole.at(-1)!.next).toEqual({ epoch: 5, position: 0 });
  });

  it('makes one batch ahead, not more', async () => {
    const started: number[] = [];
    const loader = createLoader(numbers(6), {
      batchSize: 1,
      transform: (index) => started.push(index),
      collate: (samples) => samples,
    });
    const batches = loader.batches(0);
    await batches.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(started).toEqual([0, 1]);
    await batches.return();
  });

  it('throws what reading throws, and nothing when the caller stopped before', async () => {
    const dataset: Dataset<number> = {
      length: 3,
      name: String,
      load: (index) => (index === 1 ? Promise.reject(new Error('bad patch')) : Promise.resolve(index)),
    };
    const loader = createLoader(dataset, { batchSize: 1, transform: (i) => i, collate: (samples) => samples });
    await expect(collect(loader, 0)).rejects.toThrow('bad patch');
    for await (const { indices } of loader.batches(0)) {
      expect(indices).toEqual([0]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      break;
    }
  });

  it('stops when the signal says so', async () => {
    const controller = new AbortController();
    const batches = createNumberLoader(9, { batchSize: 1 }).batches(0, { signal: controller.signal });
    await batches.next();
    controller.abort();
    await expect(batches.next()).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('has no batches of an empty data set', async () => {
    expect(await collect(createNumberLoader(0, { batchSize: 2 }), 0)).toEqual([]);
  });

  it('refuses a batch of nothing', () => {
    expect(() => createNumberLoader(3, { batchSize: 0 })).toThrow('expected a batch size of at least 1, got 0');
  });
});
