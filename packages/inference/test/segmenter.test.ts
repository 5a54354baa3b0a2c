// Segmenters over a network that reads raw maps from the image: what is found is known.
import { createRgbImage, FileError, HovernetError, type ImageSource, type RgbImage } from '@hovernet/core';
import { describeNuclei, segmentNuclei } from '@hovernet/postprocess';
import { scaleDensities } from '@hovernet/transforms';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFolderScratch } from '../src/scratch/node/folder-scratch.js';
import { createMemorySource } from '../src/sources/memory-source.js';
import { createSeeingNetwork, createSeenImage, finder, readMaps } from './seeing-network.js';
import { describeAll, isSame, openSeeing as open, places, postprocess } from './seeing-segmenter.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-segmenter-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An image, as large as asked for, whose reads and closings are counted. */
function watch(image: RgbImage, mpp: number | null = null) {
  const source = createMemorySource(image, mpp);
  const seen = { reads: 0, closings: 0 };
  const watched: ImageSource = {
    ...source,
    read: (box) => {
      seen.reads++;
      return source.read(box);
    },
    close: () => Promise.resolve(void seen.closings++),
  };
  return { source: watched, seen };
}

const small = createSeenImage(90, 110);

/** Ends when told to. */
function createGate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('the nuclei of an image', () => {
  it.each([
    [1, 1],
    [250, 1000],
    [300, 400],
  ])('are those of its raw maps, whatever its size: %i × %i', async (height, width) => {
    const image = createSeenImage(height, width);
    const expected = segmentNuclei(readMaps(image), postprocess);
    const { instanceMap, typeMap, nuclei, ...summary } = await open().segment(image);
    expect(summary).toEqual({ width, height, mpp: null, resampledTo: null, stains: null, warnings: [] });
    expect(instanceMap.shape).toEqual([height, width]);
    expect(typeMap!.shape).toEqual([height, width]);
    expect(nuclei).toEqual(expected.nuclei);
    expect(isSame(instanceMap.data, expected.instanceMap.data)).toBe(true);
    expect(isSame(typeMap!.data, expected.typeMap!.data)).toBe(true);
    expect(nuclei.length).toBeGreaterThanOrEqual(height === 1 ? 0 : 60);
  });

  it('are the same in cells, in batches, and where space is short', async () => {
    const image = createSeenImage(300, 400);
    const whole = await open({ cellPx: null }).segment(image);
    const scratch = createFolderScratch(folder);
    const inCells = await open({ cellPx: 160, haloPx: 96, batchSize: 5 }, { scratch, memoryPx: 0 }).segment(image);
    expect(describeAll(inCells.nuclei)).toEqual(describeAll(whole.nuclei));
    expect(inCells.nuclei.map(({ id }) => id)).toEqual(whole.nuclei.map((_, index) => index + 1));
    expect(isSame(inCells.typeMap!.data, whole.typeMap!.data)).toBe(true);
    expect(places(describeNuclei(inCells.instanceMap))).toEqual(places(inCells.nuclei));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are the same of pixels, sources and files', async () => {
    const expected = await open().segment(small);
    const [height, width] = small.shape as [number, number];
    const rgba = new Uint8ClampedArray(4 * height * width).fill(99);
    for (let i = 0; i < small.data.length; i++) rgba[4 * Math.floor(i / 3) + (i % 3)] = small.data[i]!;
    const openImage = () => Promise.resolve(createMemorySource(small));
    for (const image of [{ height, width, data: rgba }, createMemorySource(small), 'a file'] as const)
      expect(await open({}, { openImage }).segment(image)).toEqual(expected);
    expect(expected.nuclei.length).toBeGreaterThan(3);
  });

  it('have no types where the network has none', async () => {
    const { run, config, ...seeing } = createSeeingNetwork();
    const network = {
      ...seeing,
      config: { ...config, outClasses: 0 },
      classes: [],
      outChannels: { np: 2, hv: 2 },
      run: async (...words: Parameters<typeof run>) => {
        const { np, hv } = await run(...words);
        return { np: np!, hv: hv! };
      },
    };
    const segmenter = open({}, { network });
    expect(segmenter.classes).toEqual([]);
    const { typeMap, nuclei } = await segmenter.segment(small);
    expect(typeMap).toBeNull();
    expect(nuclei.every(({ type, typeProbability }) => type === null && typeProbability === null)).toBe(true);
    expect(nuclei.length).toBeGreaterThan(3);
  });

  it('are those of the image with its stains brought to what the weights know, and say so', async () => {
    const appearance = { density: [0.3, 0.35, 0.3], nucleusPx: 100 } as const;
    const parts = { appearance };
    const plain = await open({ stainGain: 'none' }, parts).segment(small);
    expect(plain.nuclei).toEqual((await open().segment(small)).nuclei);
    expect(plain.stains).toMatchObject({ reference: appearance.density, gains: [1, 1, 1] });
    const { stains, nuclei } = await open({ stainGain: 'full' }, parts).segment(small);
    stains!.gains.forEach((gain, channel) => {
      expect(gain).toBeCloseTo(appearance.density[channel]! / stains!.density[channel]!, 12);
    });
    const changed = segmentNuclei(readMaps(scaleDensities(small, stains!.gains)), postprocess);
    expect(nuclei).toEqual(changed.nuclei);
    expect(nuclei).not.toEqual(plain.nuclei);
    const half = (await open({}, parts).segment(small)).stains!;
    half.gains.forEach((gain, channel) => expect(gain).toBeCloseTo((1 + stains!.gains[channel]!) / 2, 12));
  });

  it('come with a warning where they are of another size than those that the weights know', async () => {
    const appearance = { density: [0.3, 0.35, 0.3], nucleusPx: 100 } as const;
    const image = createSeenImage(300, 400);
    const { warnings } = await open({ stainGain: 'none' }, { appearance }).segment(image);
    expect(warnings.at(-1)).toMatch(
      /its nuclei measure \d+\.\d px, those that the weights know 100\.0 px; give its resolution/,
    );
  });

  it('are what the caller’s options make of them before the weights’', async () => {
    const few = { minObjectAreaPx: 150 };
    const parts = { postprocess: { ...few, normalization: 'fixed' } } as const;
    const expected = segmentNuclei(readMaps(small), { ...postprocess, ...few });
    expect((await open({ postprocess: undefined }, parts).segment(small)).nuclei).toEqual(expected.nuclei);
    const { nuclei } = await open({ postprocess: { minObjectAreaPx: 10 } }, parts).segment(small);
    expect(nuclei).toEqual(segmentNuclei(readMaps(small), { ...postprocess, minObjectAreaPx: 10 }).nuclei);
    expect(nuclei.length).toBeGreaterThan(expected.nuclei.length);
  });
});

describe('a segmenter', () => {
  it('says what its weights know', () => {
    const { classes, mpp, weights } = open();
    expect(classes.map(({ id, name }) => [id, name])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
    expect([mpp, weights]).toEqual([0.25, { name: 'seeing', sha256: null }]);
  });

  it('tells how many windows are done, whoever asked last', async () => {
    const told: (readonly [string, number, number])[] = [];
    const tell = (who: string) => (progress: { done: number; total: number }) =>
      void told.push([who, progress.done, progress.total]);
    const segmenter = open({ batchSize: 2, onProgress: tell('all') });
    await segmenter.segment(createRgbImage(200, 140));
    const total = told[0]![2];
    expect(total).toBeGreaterThan(2);
    const counts = Array.from({ length: Math.ceil(total / 2) }, (_, batch) => Math.min(total, 2 * batch + 2));
    expect(told).toEqual([0, ...counts].map((done) => ['all', done, total]));
    told.length = 0;
    await segmenter.segment(createRgbImage(200, 140), { onProgress: tell('one') });
    expect(told).toEqual([0, ...counts].map((done) => ['one', done, total]));
  });

  it('stops between windows when it is told to', async () => {
    const controller = new AbortController();
    let windows = 0;
    const network = createSeeingNetwork(() => {
      if (++windows === 2) controller.abort();
    });
    const segmenter = open({}, { network });
    const segmenting = segmenter.segment(createRgbImage(200, 200), { signal: controller.signal });
    await expect(segmenting).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(windows).toBe(2);
    const again = segmenter.segment(small, { signal: controller.signal });
    await expect(again).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(windows).toBe(2);
    expect((await segmenter.segment(small)).nuclei.length).toBeGreaterThan(3);
  });

  it('fails what is under way when it is closed, frees its parts after that, and takes no more', async () => {
    const log: string[] = [];
    const gate = createGate();
    const network = createSeeingNetwork(async () => {
      log.push('run');
      await gate.opened;
      log.push('ran');
    });
    const segmenter = open({}, { network, dispose: () => Promise.resolve(void log.push('disposed')) });
    const outcomes = Promise.allSettled([segmenter.segment(small), segmenter.segment(small)]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const closed = segmenter.close();
    await new Promise((resolve) => setTimeout(resolve, 5));
    gate.open();
    await closed;
    expect(log).toEqual(['run', 'ran', 'disposed']);
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'INTERRUPTED' } });
    await expect(segmenter.segment(small)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(log).toHaveLength(3);
  });

  it.each([
    ['an array of another shape', { shape: [2, 2], data: new Uint8Array(4) }],
    ['no pixel', createRgbImage(0, 3)],
    ['too few values', { width: 2, height: 2, data: new Uint8Array(5) }],
  ])('refuses %s', async (_what, image) => {
    await expect(open().segment(image as RgbImage)).rejects.toThrow(/expected/);
  });
});

describe('calls that overlap', () => {
  it('take turns in the network, and one is post-processed while the next is in the network', async () => {
    const log: string[] = [];
    const gate = createGate();
    const network = createSeeingNetwork(async () => {
      log.push('run');
      await new Promise((resolve) => setTimeout(resolve));
      log.push('ran');
    });
    let found = 0;
    const waiting: typeof finder = {
      segmentTable: async (...words) => {
        const number = ++found;
        log.push(`find ${number}`);
        if (number === 1) await gate.opened;
        log.push(`found ${number}`);
        if (number === 2) gate.open();
        return finder.segmentTable(...words);
      },
    };
    const image = createSeenImage(40, 40);
    const segmenter = open({}, { network, finder: waiting });
    const [one, two] = await Promise.all([segmenter.segment(image), segmenter.segment(image)]);
    expect(one).toEqual(two);
    // Without overlap the second call would not find before the first has found, and the test would not end.
    expect(log.slice(log.indexOf('find 1'))).toEqual(
      expect.arrayContaining(['find 1', 'run', 'ran', 'find 2', 'found 2', 'found 1']),
    );
    expect(log.indexOf('found 2')).toBeLessThan(log.indexOf('found 1'));
    const runs = log.filter((entry) => entry.startsWith('r'));
    expect(runs).toEqual(runs.map((_, index) => (index % 2 === 0 ? 'run' : 'ran')));
  });

  it('take them in the order of the calls, however long it takes to open an image', async () => {
    const done: string[] = [];
    const openImage = async (name: string) => {
      if (name === 'missing') throw new FileError(name, 'no such file');
      await new Promise((resolve) => setTimeout(resolve, name === 'slow' ? 20 : 0));
      return createMemorySource(createRgbImage(20, 20));
    };
    const segmenter = open({}, { openImage });
    const segment = (name: string) =>
      segmenter.segment(name, { onProgress: ({ done: count }) => void (count === 0 && done.push(name)) });
    const [missing, ...others] = await Promise.allSettled(['missing', 'slow', 'fast'].map(segment));
    expect(missing).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_FILE' } });
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(done).toEqual(['slow', 'fast']);
  });

  it('go on where one fails', async () => {
    let runs = 0;
    const network = createSeeingNetwork(() => {
      if (++runs === 1) throw new HovernetError('ENGINE_FAILED', 'no memory');
    });
    const segmenter = open({}, { network });
    const [one, two] = await Promise.allSettled([segmenter.segment(small), segmenter.segment(small)]);
    expect(one).toMatchObject({ status: 'rejected', reason: { message: 'no memory' } });
    expect(two).toMatchObject({ status: 'fulfilled' });
  });
});

describe('a source', () => {
  it('that the caller opened stays open', async () => {
    const { source, seen } = watch(small);
    const segmenter = open();
    await segmenter.segment(source);
    await segmenter.segment(source);
    expect(seen.closings).toBe(0);
    expect(seen.reads).toBeGreaterThan(1);
  });

  it('that the segmenter opened is closed, also where it fails', async () => {
    const { source, seen } = watch(small);
    const names: string[] = [];
    const openImage = (name: string) => {
      names.push(name);
      return Promise.resolve(source);
    };
    await open({}, { openImage }).segment('one');
    expect([names, seen.closings]).toEqual([['one'], 1]);
    const broken = { ...finder, segmentTable: () => Promise.reject(new HovernetError('WORKER_FAILED', 'ended')) };
    await expect(open({}, { openImage, finder: broken }).segment('two')).rejects.toThrow('ended');
    expect([names, seen.closings]).toEqual([['one', 'two'], 2]);
  });
});
