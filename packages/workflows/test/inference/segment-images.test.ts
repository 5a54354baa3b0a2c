import { createNucleusTable, createSilentReporter, HovernetError, type RgbImage } from '@hovernet/core';
import { decodeNpy } from '@hovernet/files';
import { readNpz, readPng, writePng } from '@hovernet/files/node';
import { parseNuclei, renderOverlay, resultFormats } from '@hovernet/export';
import type { SegmentationOptions } from '@hovernet/inference';
import type { TrainedNetwork } from '@hovernet/inference/internal';
import { segmentNuclei } from '@hovernet/postprocess';
import { createPostprocessPool } from '@hovernet/postprocess/node';
import { countWindows, planWindows } from '@hovernet/transforms';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameImages } from '../../src/inference/name-images.js';
import type { UsedNetwork } from '../../src/network/used-network.js';
import { segmentImages, type SegmentImagesOptions } from '../../src/inference/segment-images.js';
import {
  createSeeingNetwork,
  createSeeingSegmenter,
  createSeenImage,
  namedClasses as classes,
  seenWindow,
  type SeeingParts,
} from './seen-maps.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-segment-images-'));
const pool = createPostprocessPool();
afterAll(async () => {
  await pool.dispose();
  rmSync(folder, { recursive: true });
});

const [height, width] = [190, 230];
const images: RgbImage[] = [];
const input = (name: string) => join(folder, 'input', name);
const output = (out: string, name: string) => join(folder, out, name);

beforeAll(async () => {
  for (const [seed, name] of ['a.png', 'b.png', 'c.png'].entries()) {
    images.push(createSeenImage(height, width, seed + 1));
    await writePng(input(name), images[seed]!);
  }
  writeFileSync(input('bad.png'), readFileSync(input('a.png')).subarray(0, 3000));
});

interface Changes {
  readonly parts?: Partial<SeeingParts>;
  readonly segmentation?: SegmentationOptions;
  readonly options?: Partial<SegmentImagesOptions>;
}

const used: UsedNetwork = {
  weights: { path: 'some.safetensors', sha256: 'aa' },
  preset: null,
  mode: 'fast',
  out_classes: 3,
  window_px: null,
};

const formatsOf = (...names: readonly string[]) => resultFormats.filter(({ name }) => names.includes(name));

function segment(names: readonly string[], out: string, { parts, segmentation, options }: Changes = {}) {
  return segmentImages(nameImages(names.map(input)), {
    segmenter: createSeeingSegmenter({ scratchFolder: join(folder, out), finder: pool, ...parts }, segmentation),
    folder: join(folder, out),
    formats: formatsOf('nifti', 'json', 'overlay'),
    isTyped: true,
    skipExisting: false,
    settings: 'sha256:some',
    used,
    reporter: createSilentReporter(),
    signal: new AbortController().signal,
    ...options,
  });
}

describe('every kind of output', () => {
  beforeAll(async () => {
    await segment(['a.png'], 'all', { options: { formats: resultFormats } });
  });
  const at = (ending: string) => output('all', `a${ending}`);
  const readIds = (ending: string) => [...(decodeNpy(readFileSync(at(ending)), ending).data as Int32Array)];

  it('is written, and nothing else', () => {
    expect(readdirSync(join(folder, 'all')).sort()).toEqual(
      [
        '.csv',
        '.geojson',
        '.geojsonl',
        '.json',
        '.mat',
        '.tsv',
        '_hover_net.json',
        '_instance_colors.png',
        '_instance_map.nii.gz',
        '_instance_map.npy',
        '_instance_map.png',
        '_instance_map.tif',
        '_overlay.png',
        '_qupath.tsv',
        '_raw.npz',
        '_report.html',
        '_type_map.nii.gz',
        '_type_map.npy',
        '_type_map.png',
      ].map((ending) => `a${ending}`),
    );
  });

  it('holds the same nuclei', async () => {
    const raw = await readNpz(at('_raw.npz'));
    const planes = (name: string) => raw.get(name)!;
    expect(['np', 'hv', 'nc'].map((name) => planes(name).shape)).toEqual([
      [2, height, width],
      [2, height, width],
      [3, height, width],
    ]);
    const { image, nuclei, classes: named } = parseNuclei(JSON.parse(readFileSync(at('.json'), 'utf8')));
    expect([image, named]).toEqual([{ width, height, mpp: 0.25 }, classes]);
    expect(nuclei.length).toBeGreaterThan(10);
    const ids = readIds('_instance_map.npy');
    const types = readIds('_type_map.npy');
    for (const {
      id,
      contour: [first],
      type,
    } of nuclei) {
      const pixel = first![1] * width + first![0];
      expect([ids[pixel], types[pixel]]).toEqual([id, type]);
    }
    expect(new Set(ids).size).toBe(nuclei.length + 1);
    // NIfTI: array[x, y], so that the file's order is that of image rows.
    const nifti = gunzipSync(readFileSync(at('_instance_map.nii.gz')));
    expect([nifti.readInt16LE(42), nifti.readInt16LE(44)]).toEqual([width, height]);
    expect(Array.from(ids.keys(), (i) => nifti.readUInt32LE(352 + 4 * i))).toEqual(ids);
    expect([...gunzipSync(readFileSync(at('_type_map.nii.gz'))).subarray(352)]).toEqual(types);
    const grey = PNG.sync.read(readFileSync(at('_instance_map.png')), { skipRescale: true } as object).data;
    expect(Array.from(ids.keys(), (i) => grey[4 * i])).toEqual(ids);
    const colors = PNG.sync.read(readFileSync(at('_type_map.png'))).data;
    const colorOf = (type: number) => (type === 0 ? [0, 0, 0] : [...classes[type - 1]!.color]);
    for (const i of [0, 777, ids.findIndex((id) => id === 3)])
      expect([...colors.subarray(4 * i, 4 * i + 3)]).toEqual(colorOf(types[i]!));
  });

  it('has the overlay that is drawn on the whole image', async () => {
    const { nuclei } = parseNuclei(JSON.parse(readFileSync(at('.json'), 'utf8')));
    const overlay = await readPng(at('_overlay.png'));
    expect(Buffer.compare(overlay.data, renderOverlay(images[0]!, nuclei, classes).data)).toBe(0);
  });

  it('is the same where the image is segmented in blocks, but for the order of ids', async () => {
    const segmentation = { cellPx: 100, haloPx: 80 };
    await segment(['a.png'], 'blocks', { segmentation, options: { formats: resultFormats } });
    const sort = (path: string) =>
      parseNuclei(JSON.parse(readFileSync(path, 'utf8')))
        .nuclei.map((nucleus) => JSON.stringify({ ...nucleus, id: 0 }))
        .sort();
    expect(sort(output('blocks', 'a.json'))).toEqual(sort(at('.json')));
    for (const ending of ['_type_map.npy', '_type_map.nii.gz', '_raw.npz'])
      expect(Buffer.compare(readFileSync(output('blocks', `a${ending}`)), readFileSync(at(ending))), ending).toBe(0);
  });

  it('leaves out types where the network has none', async () => {
    const { run, config, ...seeing } = createSeeingNetwork();
    const network: TrainedNetwork = {
      ...seeing,
      config: { ...config, outClasses: 0 },
      classes: [],
      outChannels: { np: 2, hv: 2 },
      run: async (...words) => {
        const { np, hv } = await run(...words);
        return { np: np!, hv: hv! };
      },
    };
    const { reports } = await segment(['a.png'], 'untyped', {
      parts: { network },
      options: { formats: formatsOf('nifti', 'png', 'json'), isTyped: false },
    });
    expect(Object.keys(reports[0]!.files)).toEqual(['instance_map', 'instance_map_png', 'nuclei']);
  });
});

describe('stages', () => {
  it('post-process one block, or image, while the next is in the network', async () => {
    const perImage = countWindows(planWindows(height, width, seenWindow));
    for (const cellPx of [null, 120]) {
      let runs = 0;
      let wake: () => void = () => undefined;
      const seen: number[] = [];
      const total = 3 * perImage;
      // Ends only when the network was asked for more after the block was handed over, or there is no more.
      const waiting: SeeingParts['finder'] = {
        segmentTable: async (rawMaps, options) => {
          const before = runs;
          while (runs === before && runs < total) await new Promise<void>((resolve) => (wake = resolve));
          seen.push(runs - before);
          const { instanceMap, nuclei } = segmentNuclei(rawMaps, options);
          return { instanceMap, table: createNucleusTable(nuclei) };
        },
      };
      const network = createSeeingNetwork(() => {
        runs++;
        wake();
      });
      await segment(['a.png', 'b.png', 'c.png'], 'stages', {
        parts: { finder: waiting, network },
        segmentation: { batchSize: 1, cellPx, haloPx: 0 },
      });
      expect(runs).toBe(total);
      // Without overlap the network would never go on, and the test would not end.
      expect(seen.slice(0, -1).every((count) => count > 0)).toBe(true);
    }
  });
});

describe('a folder of which some images are damaged', () => {
  it('is segmented but for these, each named with the reason', async () => {
    const { reports, failures } = await segment(['a.png', 'bad.png', 'b.png'], 'partly');
    expect(reports.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(failures).toEqual([expect.stringMatching(/^\/.*bad\.png: truncated PNG; copy or export it again$/)]);
    expect(readdirSync(join(folder, 'partly')).filter((name) => name.startsWith('bad'))).toEqual([]);
  });

  it('names the image that the post-processing refuses', async () => {
    let calls = 0;
    const failing: SeeingParts['finder'] = {
      segmentTable: (rawMaps, options) =>
        ++calls === 2
          ? Promise.reject(new HovernetError('WORKER_FAILED', 'the thread ended'))
          : pool.segmentTable(rawMaps, options),
    };
    const { reports, failures } = await segment(['a.png', 'b.png', 'c.png'], 'refused', {
      parts: { finder: failing },
    });
    expect(reports.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(failures).toEqual([`${input('b.png')}: the thread ended`]);
  });

  it('fails as a whole where all are, each of them told of', async () => {
    const messages: string[] = [];
    const reporter = { ...createSilentReporter(), message: (text: string) => void messages.push(text) };
    writeFileSync(input('worse.png'), 'no image');
    const segmenting = segment(['bad.png', 'worse.png'], 'none', { options: { reporter } });
    await expect(segmenting).rejects.toThrow('none of 2 images could be segmented');
    expect(messages).toEqual([
      expect.stringMatching(/bad\.png: truncated/),
      expect.stringMatching(/worse\.png: not a PNG/),
    ]);
    expect(existsSync(join(folder, 'none'))).toBe(false);
    await expect(segment(['bad.png'], 'none')).rejects.toThrow(/bad\.png: truncated/);
  });

  it('keeps the files of a former run of an image that fails now', async () => {
    mkdirSync(join(folder, 'former'));
    writeFileSync(output('former', 'bad.json'), 'former');
    await segment(['a.png', 'bad.png'], 'former');
    expect(readFileSync(output('former', 'bad.json'), 'utf8')).toBe('former');
  });
});

describe('an interruption', () => {
  it('ends with the files of the images before, whole, and no others', async () => {
    const controller = new AbortController();
    const perImage = countWindows(planWindows(height, width, seenWindow));
    let runs = 0;
    const network = createSeeingNetwork(async () => {
      // Late in the third image: the first one is written by then.
      if (++runs < 3 * perImage - 1) return;
      while (!existsSync(output('stopped', 'a.json'))) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort();
    });
    const segmenting = segment(['a.png', 'b.png', 'c.png'], 'stopped', {
      parts: { network },
      segmentation: { batchSize: 1 },
      options: { signal: controller.signal },
    });
    await expect(segmenting).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const left = readdirSync(join(folder, 'stopped'));
    const endings = ['.json', '_instance_map.nii.gz', '_overlay.png', '_type_map.nii.gz'];
    expect(left).toEqual(expect.arrayContaining(endings.map((ending) => `a${ending}`)));
    expect(left.filter((name) => !/^[ab][._]/.test(name))).toEqual([]);
    for (const name of left.filter((file) => file.endsWith('.json')))
      expect(parseNuclei(JSON.parse(readFileSync(output('stopped', name), 'utf8'))).nuclei.length).toBeGreaterThan(0);
  });
});

describe('running again', () => {
  const skipping = { options: { skipExisting: true } };

  it('passes over images whose files are all there, made of the same file', async () => {
    await segment(['a.png', 'b.png'], 'again');
    rmSync(output('again', 'b_overlay.png'));
    const { reports } = await segment(['a.png', 'b.png', 'c.png'], 'again', skipping);
    expect(reports.map(({ name, skipped = false }) => [name, skipped])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
    expect(existsSync(output('again', 'b_overlay.png'))).toBe(true);
  });

  it('does another image of the same name, and the same image by other settings', async () => {
    const done = async (changes: Changes) => {
      const { reports } = await segment(['a.png', 'b.png'], 'again', changes);
      return reports.filter(({ skipped }) => !skipped).map(({ name }) => name);
    };
    const image = readFileSync(input('a.png'));
    writeFileSync(input('a.png'), readFileSync(input('c.png')));
    const longAgo = new Date(0);
    utimesSync(input('a.png'), longAgo, longAgo);
    expect(await done(skipping)).toEqual(['a']);
    expect(await done(skipping)).toEqual([]);
    expect(await done({ options: { ...skipping.options, settings: 'sha256:others' } })).toEqual(['a', 'b']);
    const record = output('again', 'b.json');
    writeFileSync(record, readFileSync(record, 'utf8').replace('"provenance":', '"p":'));
    expect(await done({ options: { ...skipping.options, settings: 'sha256:others' } })).toEqual(['b']);
    writeFileSync(input('a.png'), image);
    await segment(['a.png', 'b.png'], 'again');
  });

  it('asks the network nothing where all is there', async () => {
    let runs = 0;
    const network = createSeeingNetwork(() => void runs++);
    const { reports, failures } = await segment(['b.png', 'c.png'], 'again', { ...skipping, parts: { network } });
    expect([runs, reports.length, failures]).toEqual([0, 2, []]);
  });

  it('replaces files otherwise, by new ones', async () => {
    const before = statSync(output('again', 'c.json')).ino;
    await segment(['c.png'], 'again');
    expect(statSync(output('again', 'c.json')).ino).not.toBe(before);
  });
});
