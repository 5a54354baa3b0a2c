import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ArgumentError, createRandom, FileError, toContiguous } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLoader, createSamples, openSampleWorkers, type SampleSource } from '../../../src/index.js';
import type { LoaderOptions, SamplerState } from '../../../src/index.js';
import { createRecipe, type NoisyMaps } from './recipes/noisy-maps.js';
import { canCountThreads, countThreads } from './count-threads.js';

interface Sample {
  readonly index: number;
  readonly map: NdArray<Int32Array>;
  readonly noise: Float64Array;
  readonly bytes: Uint8Array;
  readonly thread: number;
  readonly loads: number;
  readonly shared: boolean;
}

const recipeModule = (name: string, data: unknown) => ({
  module: new URL(`recipes/${name}.ts`, import.meta.url),
  data,
});

async function open(workers: number, data: NoisyMaps, rate = 0): Promise<SampleSource<Sample>> {
  const cache = { rate };
  const samples =
    workers === 0
      ? (createSamples(createRecipe(data), { cache }) as SampleSource<Sample>)
      : await openSampleWorkers<Sample>(recipeModule('noisy-maps', data), { workers, cache });
  onTestFinished(() => samples.dispose());
  return samples;
}

function createTestLoader(samples: SampleSource<Sample>, options: Partial<LoaderOptions<Sample, unknown>> = {}) {
  const collate = (batch: readonly Sample[]) =>
    batch.map(({ index, map, noise, bytes }) => ({
      index,
      shape: map.shape,
      map: [...toContiguous(map)],
      noise,
      bytes,
    }));
  return createLoader(samples, { batchSize: 4, shuffle: true, seed: 5, collate, ...options });
}

async function collect<B>(loader: ReturnType<typeof createLoader<Sample, B>>, { epoch, position }: SamplerState) {
  const all = [];
  for await (const loaded of loader.batches(epoch, { position })) all.push(loaded);
  return all;
}

const start = { epoch: 2, position: 0 };

describe('samples of worker threads', () => {
  it.each([1, 2, 4])('are those of the calling thread, bit by bit, with %d of them', async (workers) => {
    const data = { length: 18 };
    const [expected, actual] = [await open(0, data), await open(workers, data)];
    expect([actual.length, actual.workers]).toEqual([18, workers]);
    for (const epoch of [0, 1]) {
      const batches = await collect(createTestLoader(actual), { epoch, position: 0 });
      expect(batches).toEqual(await collect(createTestLoader(expected), { epoch, position: 0 }));
      expect(batches).toHaveLength(5);
    }
  });

  it('go on in the middle of an epoch where another number of workers left off', async () => {
    const whole = await collect(createTestLoader(await open(0, { length: 14 })), start);
    const interrupted = createTestLoader(await open(2, { length: 14 })).batches(2);
    await interrupted.next();
    const { value } = await interrupted.next();
    await interrupted.return();
    const saved = JSON.parse(JSON.stringify(value!.next)) as SamplerState;
    expect(saved).toEqual({ epoch: 2, position: 8 });
    expect(await collect(createTestLoader(await open(1, { length: 14 })), saved)).toEqual(whole.slice(2));
  });

  it('share what is kept: each input is loaded once by all threads together', async () => {
    const samples = await open(2, { length: 10 }, 1);
    const [first, second] = [await collectSamples(samples, 0), await collectSamples(samples, 1)];
    expect([...first, ...second].every(({ shared }) => shared)).toBe(true);
    expect([samples.cachedCount, samples.cachedBytes]).toEqual([10, 10 * (80 + 4 + 2)]);
    // Each thread counts what it loads: together ten, and none in the second epoch.
    const loadsOf = (made: readonly Sample[]) => new Map(made.map(({ thread, loads }) => [thread, loads]));
    const total = [...loadsOf([...first, ...second]).values()].reduce((sum, loads) => sum + loads, 0);
    expect(total).toBe(10);
  });

  it('keep no more than the memory limit allows and the rate wants', async () => {
    const inputBytes = 80 + 4 + 2;
    const cache = { rate: 0.5, memoryLimitBytes: 3 * inputBytes };
    const samples = await openSampleWorkers<Sample>(recipeModule('noisy-maps', { length: 10 }), { workers: 1, cache });
    onTestFinished(() => samples.dispose());
    await collectSamples(samples, 0);
    expect([samples.cachedCount, samples.cachedBytes]).toEqual([3, 3 * inputBytes]);
    const half = await open(1, { length: 10 }, 0.5);
    await collectSamples(half, 0);
    expect(half.cachedCount).toBe(5);
  });

  it('are copied where they are parts of larger memory, and moved otherwise', async () => {
    const samples = await open(1, { length: 2 });
    const { map, noise } = await samples.make(1, createRandom(0));
    expect([map.shape, [...map.data], noise.buffer.byteLength]).toEqual([[5], [1, 1, 1, 1, 1], 48]);
    // Memory of an input that is not kept could be moved; it is not, because the data set may keep it.
    expect((await samples.make(1, createRandom(0))).bytes).toEqual(Uint8Array.of(1, 1));
  });
});

describe('a failure in a worker thread', () => {
  it('is thrown with its class, message, fields and cause', async () => {
    for (const workers of [0, 1]) {
      const samples = await open(workers, { length: 12, missing: 5, refused: 7 });
      const failure: unknown = await samples.make(5, createRandom(0)).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(FileError);
      expect(failure).toMatchObject({
        name: 'FileError',
        code: 'MISSING_FILE',
        path: 'map-5.npy',
        message: 'map-5.npy: no such file',
        cause: { name: 'TypeError', message: 'gone' },
      });
      expect((failure as Error).cause).toBeInstanceOf(TypeError);
      expect((failure as Error).stack).toMatch(/^FileError: map-5\.npy: no such file\n.*noisy-maps/);
      await expect(samples.make(7, createRandom(0))).rejects.toBeInstanceOf(ArgumentError);
      expect((await samples.make(6, createRandom(0))).index).toBe(6);
    }
  });

  it('is that of the first sample of the batch that fails, whichever fails first', async () => {
    const samples = await open(2, { length: 8, missing: 1, refused: 0 });
    const loader = createTestLoader(samples, { shuffle: false });
    await expect(loader.batches(0).next()).rejects.toThrow('sample 0: expected another');
  });

  it.each([
    ['exits', /ended \(exit code 7\); use fewer workers/],
    ['throws', /ended \(out of nowhere\); use fewer workers/],
  ])('that %s ends in an error of everything that is asked for, not in waiting', async (how, message) => {
    const samples = await openSampleWorkers<{ index: number }>(recipeModule('dies', how), { workers: 2 });
    onTestFinished(() => samples.dispose());
    expect(await samples.make(2, createRandom(0))).toEqual({ index: 2 });
    const made = await Promise.allSettled([3, 3, 3, 3, 3, 4, 5].map((index) => samples.make(index, createRandom(0))));
    for (const result of made.slice(0, 5)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'WORKER_FAILED' } });
      expect(String((result as PromiseRejectedResult).reason)).toMatch(message);
    }
    await expect(samples.make(1, createRandom(0))).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  });
});

describe('worker threads', () => {
  it.skipIf(!canCountThreads)('are gone after an interruption and dispose', async () => {
    const before = await countThreads();
    const samples = await open(2, { length: 40 });
    expect(await countThreads()).toBeGreaterThanOrEqual(before + 2);
    const controller = new AbortController();
    const batches = createTestLoader(samples).batches(0, { signal: controller.signal });
    await batches.next();
    const next = batches.next();
    controller.abort();
    await expect(next).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const asked = expect(samples.make(1, createRandom(0))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await samples.dispose();
    await samples.dispose();
    await asked;
    await expect(samples.make(1, createRandom(0))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await countThreads()).toBe(before);
  });

  it.skipIf(!canCountThreads)('are gone where a recipe cannot be made, which throws what it throws', async () => {
    const before = await countThreads();
    const refused = openSampleWorkers(recipeModule('refuses', 'data/Train'), { workers: 1 });
    await expect(refused).rejects.toBeInstanceOf(FileError);
    await expect(refused).rejects.toMatchObject({ code: 'MISSING_FILE', path: 'data/Train' });
    const none = openSampleWorkers(recipeModule('no-recipe', null), { workers: 1 });
    await expect(none).rejects.toThrow(/expected .*no-recipe\.ts to export a function createRecipe/);
    const nowhere = openSampleWorkers(recipeModule('nowhere', null), { workers: 1 });
    await expect(nowhere).rejects.toThrow(/nowhere/);
    expect(await countThreads()).toBe(before);
  });

  it('do not let a process end that waits for dispose while answers are unread', () => {
    const script = fileURLToPath(new URL('dispose-with-answers-waiting.mjs', import.meta.url));
    const flags = process.execArgv.filter((flag, at, all) => flag === '--import' || all[at - 1] === '--import');
    const { status, stdout } = spawnSync(process.execPath, [...flags, script], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, 'disposed\n']);
  });

  it('need a number and data that can be copied', async () => {
    const module = recipeModule('noisy-maps', { length: 1 });
    await expect(openSampleWorkers(module, { workers: 0 })).rejects.toThrow(
      'at least 1 worker, got 0; use createSamples',
    );
    await expect(
      openSampleWorkers(
        recipeModule('noisy-maps', () => 1),
        { workers: 1 },
      ),
    ).rejects.toThrow(/expected data that structured cloning can copy, got something else/);
    await expect(openSampleWorkers(module, { workers: 1, cache: { rate: 2 } })).rejects.toThrow('a rate of 0 to 1');
  });
});

async function collectSamples(samples: SampleSource<Sample>, epoch: number): Promise<Sample[]> {
  const all: Sample[] = [];
  const loader = createLoader(samples, { batchSize: 2, collate: (batch: readonly Sample[]) => batch });
  for await (const { batch } of loader.batches(epoch)) all.push(...batch);
  return all;
}
