// Nuclei into sinks, cell by cell; slides on a lattice; images of other resolutions.
import { createRgbImage, listNuclei, type NucleiSink, type Nucleus, type RgbImage } from '@hovernet/core';
import { describeNuclei } from '@hovernet/postprocess';
import { describe, expect, it } from 'vitest';
import type { SegmentationOptions } from '../src/segmenter-options.js';
import { createMemorySource } from '../src/sources/memory-source.js';
import { createSeeingNetwork, createSeenImage, readMaps } from './seeing-network.js';
import { createSink, describeAll, isSame, openSeeing as open, places, postprocess } from './seeing-segmenter.js';

const small = createSeenImage(90, 110);

describe('sinks', () => {
  const image = createSeenImage(200, 330);

  it('are told of the image, of each cell in turn, and of the end', async () => {
    const { sink, log, cells, info } = createSink();
    let finished: Parameters<NucleiSink['finish']> | undefined;
    let pixels: RgbImage | undefined;
    let labels: Int32Array | undefined;
    const finishing: NucleiSink = {
      ...sink,
      finish: async (...words) => {
        finished = words;
        pixels = await words[0].image.read([10, 20, 13, 22]);
        labels = (await words[0].readLabels([0, 0, 330, 200])).data;
        await sink.finish(...words);
      },
    };
    const segmenter = open({ cellPx: 120, haloPx: 64 });
    const summary = await segmenter.segmentSlide(image, { sinks: [finishing], grid: 'image', mpp: 0.25 });
    expect(log).toEqual(['begin', ...Array.from({ length: 6 }, () => 'commit'), 'finish']);
    const known = { width: 330, height: 200, mpp: 0.25, classes: segmenter.classes, isTyped: true, cells: 6 };
    expect(info()).toEqual(known);
    expect(finished![0]).toMatchObject(known);
    expect(cells.map(([{ index }]) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    const nuclei = cells.flatMap(([, table]) => listNuclei(table));
    expect(summary).toEqual({
      width: 330,
      height: 200,
      mpp: 0.25,
      resampledTo: null,
      count: nuclei.length,
      resumedCells: 0,
      beyondHalo: 0,
      stains: null,
      warnings: [],
    });
    expect(nuclei.map(({ id }) => id)).toEqual(nuclei.map((_, index) => index + 1));
    const whole = await open({ cellPx: 120, haloPx: 64 }).segment(image);
    expect(nuclei).toEqual(whole.nuclei);
    expect(isSame(labels!, whole.instanceMap.data)).toBe(true);
    expect([pixels!.get(0, 0, 0), pixels!.get(1, 2, 1)]).toEqual([image.get(20, 10, 0), image.get(21, 12, 1)]);
    expect(finished![1]).toEqual({
      weights: { name: 'seeing', sha256: null },
      grid: { windowPx: 128, keepPx: expect.any(Number) as number, cellPx: 120, haloPx: 64 },
      options: { mpp: 0.25, resampledTo: null, padding: 'zero', views: 'none', postprocess, stainGains: null },
    });
  });

  it('get the raw maps of the whole image where they ask for them', async () => {
    const kept: unknown[] = [];
    const keep = (needsRawMaps: boolean): NucleiSink => ({
      ...createSink().sink,
      needsRawMaps,
      finish: ({ rawMaps }) => Promise.resolve(void kept.push(rawMaps)),
    });
    const segmenter = open({ cellPx: 120, haloPx: 64 });
    await segmenter.segmentSlide(image, { sinks: [keep(false)], grid: 'image' });
    await segmenter.segmentSlide(image, { sinks: [keep(true)], grid: 'image' });
    const expected = readMaps(image);
    expect(kept[0]).toBeUndefined();
    for (const name of ['np', 'hv', 'nc'] as const) {
      const { shape, data } = (kept[1] as typeof expected)[name]!;
      expect(shape).toEqual(expected[name]!.shape);
      expect(isSame(data, expected[name]!.data)).toBe(true);
    }
  });

  it.each([
    ['begin', ['begin', 'abort']],
    ['commit', ['begin', 'commit', 'abort']],
    ['finish', ['begin', 'commit', 'finish', 'abort']],
  ] as const)('are aborted, all that were begun, where %s fails', async (method, expected) => {
    const [first, failing, last] = [createSink(), createSink(method), createSink()];
    const sinks = [first, failing, last].map(({ sink }) => sink);
    const segmenter = open({ cellPx: null });
    await expect(segmenter.segmentSlide(small, { sinks, grid: 'image' })).rejects.toThrow(`${method} failed`);
    expect(failing.log).toEqual(expected);
    expect([first.log[0], first.log.at(-1)]).toEqual(['begin', 'abort']);
    expect(last.log.at(-1)).toBe(method === 'begin' ? undefined : 'abort');
    expect(first.log.includes('finish')).toBe(method === 'finish');
  });

  it.each(['np', 'hv', 'nc'] as const)(
    'are aborted where the network gives NaN for %s, and told where',
    async (name) => {
      const network = createSeeingNetwork();
      const broken = {
        ...network,
        run: async (...words: Parameters<typeof network.run>) => {
          const outputs = await network.run(...words);
          outputs[name]![outputs[name]!.length - 1] = NaN;
          return outputs;
        },
      };
      const { sink, log } = createSink();
      const segmenter = open({ batchSize: 1 }, { network: broken });
      await expect(segmenter.segmentSlide(image, { sinks: [sink], grid: 'image' })).rejects.toThrow(
        `the network gave NaN or an infinity for ${name} in the window [0, 0, `,
      );
      expect(log.at(-1)).toBe('abort');
    },
  );

  it('are aborted where the network or the post-processing fails, or the caller stops', async () => {
    const failure = () => Promise.reject(new Error('failed'));
    const controller = new AbortController();
    const stopping = createSeeingNetwork(() => controller.abort());
    for (const [parts, message] of [
      [{ network: createSeeingNetwork(failure) }, 'failed'],
      [{ finder: { segmentTable: failure } }, 'failed'],
      [{ network: stopping }, /interrupted/],
    ] as const) {
      const { sink, log } = createSink();
      const segmenter = open({ cellPx: 60, haloPx: 0 }, parts);
      const segmenting = segmenter.segmentSlide(small, { sinks: [sink], signal: controller.signal, grid: 'image' });
      await expect(segmenting).rejects.toThrow(message);
      expect(log.filter((entry) => entry !== 'commit')).toEqual(['begin', 'abort']);
    }
  });
});

describe('a slide', () => {
  /** The nuclei of `image` in cells of `cellPx` on the lattice. */
  async function segmentLattice(image: RgbImage, cellPx: number): Promise<Nucleus[]> {
    const { sink, cells } = createSink();
    const grid = { windowPx: 128, keepPx: 44, cellPx, haloPx: 96 };
    await open().segmentSlide(image, { sinks: [sink], grid });
    for (const [{ index, core }] of cells) {
      const columns = Math.ceil(image.shape[1]! / cellPx);
      expect([core[0], core[1]]).toEqual([cellPx * (index % columns), cellPx * Math.floor(index / columns)]);
    }
    return cells.flatMap(([, table]) => listNuclei(table));
  }

  it('has the same nuclei in cells of any size, and as an image', async () => {
    const image = createSeenImage(600, 700);
    const [fine, coarse] = [await segmentLattice(image, 256), await segmentLattice(image, 512)];
    expect(fine.length).toBeGreaterThan(200);
    expect(describeAll(fine)).toEqual(describeAll(coarse));
    expect(describeAll(fine)).toEqual(describeAll((await open({ cellPx: null }).segment(image)).nuclei));
  });

  it('has nuclei that do not depend on where it ends, away from there', async () => {
    const image = createSeenImage(600, 700);
    const part = createRgbImage(500, 560);
    for (let y = 0; y < 500; y++) part.data.set(image.data.subarray(y * 2100, y * 2100 + 1680), y * 1680);
    const isAway = ({ box }: Nucleus) => box[2] < 440 && box[3] < 380;
    const [whole, cut] = [await segmentLattice(image, 256), await segmentLattice(part, 256)];
    const kept = describeAll(whole.filter(isAway));
    expect(kept.length).toBeGreaterThan(80);
    expect(describeAll(cut.filter(isAway))).toEqual(kept);
  });

  it('is cut on the grid of its network unless it is told otherwise', async () => {
    let grid: unknown;
    const { sink } = createSink();
    const noting: NucleiSink = {
      ...sink,
      finish: (_result, provenance) => Promise.resolve(void (grid = provenance.grid)),
    };
    await open().segmentSlide(createRgbImage(300, 280), { sinks: [noting] });
    expect(grid).toEqual({ windowPx: 256, keepPx: 204, cellPx: 1024, haloPx: 128 });
  });
});

describe('an image of another resolution', () => {
  const image = createSeenImage(300, 400);

  it('is resampled for the network, and its nuclei come back in its own pixels', async () => {
    const plain = await open().segment(image);
    for (const mpp of [0.5, 0.2]) {
      for (const cut of [{ cellPx: null }, { cellPx: 200, haloPx: 128 }]) {
        const { instanceMap, typeMap, nuclei, ...summary } = await open(cut).segment(image, { mpp });
        expect(summary).toEqual({ width: 400, height: 300, mpp, resampledTo: 0.25, stains: null, warnings: [] });
        expect([instanceMap.shape, typeMap!.shape]).toEqual([
          [300, 400],
          [300, 400],
        ]);
        // Boxes, contours and centres are those of the labels, of which every nucleus has some.
        expect(places(describeNuclei(instanceMap))).toEqual(places(nuclei));
        for (const { contour, type } of nuclei) {
          expect(contour.every(([x, y]) => x >= 0 && y >= 0 && x < 400 && y < 300)).toBe(true);
          expect(typeMap!.data[contour[0]![1] * 400 + contour[0]![0]]).toBe(type);
        }
        // Nearly the nuclei that the image has.
        expect(Math.abs(nuclei.length / plain.nuclei.length - 1)).toBeLessThan(0.2);
        const both = instanceMap.data.filter((id, at) => id > 0 && plain.instanceMap.data[at]! > 0).length;
        const [one, other] = [instanceMap, plain.instanceMap].map(({ data }) => data.filter((id) => id > 0).length);
        expect((2 * both) / (one! + other!)).toBeGreaterThan(0.9);
      }
    }
  });

  it('has nuclei that do not depend on cells', async () => {
    const find = async (cellPx: number | null) => {
      const { sink, cells } = createSink();
      await open({ cellPx, haloPx: 192 }).segmentSlide(image, { sinks: [sink], grid: 'image', mpp: 0.5 });
      return describeAll(cells.flatMap(([, table]) => listNuclei(table)));
    };
    expect(await find(300)).toEqual(await find(null));
  });

  it('is taken as it is where that is wanted, unknown, or as the network’s', async () => {
    const expected = await open().segment(small);
    const cases: readonly [SegmentationOptions, number | null | undefined, number | null][] = [
      [{ resample: false }, 0.5, 0.5],
      [{ resample: false, mpp: 0.5 }, undefined, 0.5],
      [{}, null, null],
      [{ mpp: 0.5 }, null, null],
      [{}, 0.25, 0.25],
      [{ mpp: 0.253 }, undefined, 0.253],
    ];
    for (const [options, mpp, known] of cases) {
      const segmented = await open(options).segment(small, mpp === undefined ? {} : { mpp });
      expect(segmented).toEqual({ ...expected, mpp: known });
    }
    const network = { ...createSeeingNetwork(), mpp: null };
    expect(await open({ mpp: 0.5 }, { network }).segment(small)).toEqual({ ...expected, mpp: 0.5 });
  });

  it('says so itself before its caller', async () => {
    const own = createMemorySource(small, 0.25);
    expect(await open({ mpp: 0.5 }).segment(own, { mpp: 1 })).toMatchObject({ mpp: 0.25, resampledTo: null });
    const coarse = createMemorySource(small, 0.5);
    expect(await open({ mpp: 0.25 }).segment(coarse)).toMatchObject({ mpp: 0.5, resampledTo: 0.25 });
    expect(await open({ mpp: 0.5 }).segment(small)).toMatchObject({ mpp: 0.5, resampledTo: 0.25 });
  });
});
