import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRgbImage } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { readLabels } from '../../src/layout/read-labels.js';
import { listPatchOrigins } from '../../src/patches/patch-grid.js';
import { readPng, writeMat, writePng } from '@hovernet/files/node';
import { loadTaxonomy, patchFormats, preparePatches } from '../../src/index.js';
import type { PatchFormat, PreparePatchesOptions, PrepareProgress } from '../../src/index.js';
import { cutPatch } from '../../src/patches/cut-patch.js';
import { readFixture, samples, sha256, temporaryFolder } from '../helpers.js';

interface PatchFixture {
  cuts: { size: [number, number]; patchSize: [number, number]; step: [number, number]; digests: string[] }[];
  files: Record<string, string>;
}

const fixture = readFixture<PatchFixture>('patches.json');

async function writeTypedSet(types: number[]): Promise<string> {
  const root = temporaryFolder();
  await writePng(join(root, 'Train/Images/a.png'), createRgbImage(8, 8));
  const data = Uint8Array.from({ length: 64 }, (_, i) => types[i % types.length]!);
  const map = { dtype: 'uint8', shape: [8, 8], data } as const;
  await writeMat(
    join(root, 'Train/Labels/a.mat'),
    new Map([
      ['inst_map', map],
      ['type_map', map],
    ]),
  );
  return root;
}

const small = { phases: ['Train'], patchSize: [6, 6], step: [4, 4] } as const satisfies Partial<PreparePatchesOptions>;

describe('preparePatches', () => {
  it('writes the files that NumPy writes, byte for byte', async () => {
    const out = temporaryFolder();
    const options = { root: samples, out, phases: ['Train'], taxonomy: await loadTaxonomy('nucls') };
    const seen: PrepareProgress[] = [];
    const result = await preparePatches(options, { onProgress: (progress) => seen.push(progress) });
    expect(result.phases).toEqual({ Train: { tiles: 10, patches: 40 } });
    expect(seen).toHaveLength(10);
    expect(seen.at(-1)).toMatchObject({ phase: 'Train', done: 10, total: 10 });
    expect(readdirSync(join(out, 'Train'))).toHaveLength(10 * 2 + 40 * 3 + 1);
    for (const [name, digest] of Object.entries(fixture.files)) {
      expect([name, sha256(readFileSync(join(out, 'Train', name)))]).toEqual([name, digest]);
    }
  });

  it.each(fixture.cuts)('cuts $size tiles into $patchSize patches as NumPy’s pad does', async (cut) => {
    const image = await readPng(join(samples, 'Train/Images/train_1.png'));
    const labels = await readLabels(join(samples, 'Train/Labels/train_1.mat'));
    const [height, width] = cut.size;
    const field = new Int32Array(height * width * 5);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * 256 + x;
        const pixel = [
          image.get(y, x, 0),
          image.get(y, x, 1),
          image.get(y, x, 2),
          labels.instanceMap[at]!,
          labels.typeMap[at]!,
        ];
        field.set(pixel, (y * width + x) * 5);
      }
    }
    const digests = listPatchOrigins(height, width, { ...cut, type: 'mirror' }).map((origin) => {
      const target = new Int32Array(cut.patchSize[0] * cut.patchSize[1] * 5);
      const block = { data: field, height, width, channels: 5 };
      cutPatch(block, origin, { data: target, height: cut.patchSize[0], width: cut.patchSize[1] });
      return sha256(target);
    });
    expect(digests).toEqual(cut.digests);
  });

  it('leaves the former folder alone when it is interrupted', async () => {
    const out = temporaryFolder();
    const options = { root: samples, out, phases: ['Test'], taxonomy: await loadTaxonomy('nucls') };
    await preparePatches({ ...options, patchSize: [90, 90], step: [80, 80] });
    const before = readdirSync(join(out, 'Test'));
    const controller = new AbortController();
    const onProgress = ({ done }: PrepareProgress) => (done === 2 ? controller.abort() : undefined);
    const run = preparePatches({ ...options, step: [200, 200] }, { onProgress, signal: controller.signal });
    await expect(run).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(readdirSync(join(out, 'Test'))).toEqual(before);
    expect(readdirSync(out)).toEqual(['Test']);
  });

  it('refuses labels that may have been merged already, unless told that they are original', async () => {
    const root = await writeTypedSet([1, 4]);
    await expect(preparePatches({ ...small, root })).rejects.toThrow(/types 1, 4 only, so they may have been merged/);
    await expect(preparePatches({ ...small, root, ambiguousTypes: 'map' })).resolves.toBeDefined();
    const taxonomy = await loadTaxonomy('consep-merged');
    await expect(preparePatches({ ...small, root, taxonomy })).resolves.toBeDefined();
  });

  it('refuses unknown types before it writes anything', async () => {
    const root = await writeTypedSet([1, 9]);
    await expect(preparePatches({ ...small, root })).rejects.toThrow('type ids 9 are not in taxonomy consep');
    expect(readdirSync(root)).toEqual(['Train']);
  });

  it('refuses a tile smaller than the step and names it', async () => {
    const root = await writeTypedSet([1, 7]);
    await expect(preparePatches({ ...small, root, patchSize: [20, 20], step: [9, 9] })).rejects.toThrow(
      /a\.mat: patch grid: the tile's height of 8 px is smaller than 9 px/,
    );
  });

  it('never replaces the data set or a folder that it did not write', async () => {
    const root = await writeTypedSet([1, 7]);
    await expect(preparePatches({ ...small, root, out: root })).rejects.toThrow('would replace the data set');
    mkdirSync(join(root, 'Prepared/Train'), { recursive: true });
    for (const name of ['thesis.tex', 'features.npy', 'scores.npz']) {
      writeFileSync(join(root, 'Prepared/Train', name), '');
      await expect(preparePatches({ ...small, root })).rejects.toThrow(`holds ${name}, which no preparation wrote`);
      rmSync(join(root, 'Prepared/Train', name));
    }
    mkdirSync(join(root, 'Prepared/Train/holidays'));
    await expect(preparePatches({ ...small, root })).rejects.toThrow('holds holidays, which no preparation wrote');
  });

  it('holds whole tiles back for validation, spread over their order', async () => {
    const out = temporaryFolder();
    const options = { root: samples, out, format: 'raw', taxonomy: await loadTaxonomy('nucls') } as const;
    const { phases } = await preparePatches({ ...options, validationFraction: 0.2 });
    expect(phases).toMatchObject({ Train: { tiles: 8 }, Test: { tiles: 5 }, Validation: { tiles: 2 } });
    const tiles = (phase: string) => readdirSync(join(out, phase)).filter((name) => name.startsWith('image_'));
    expect(tiles('Train').filter((name) => tiles('Validation').includes(name))).toEqual([]);
    await expect(preparePatches({ ...options, validationFraction: 0.01 })).rejects.toThrow(
      'expected a validation fraction that leaves tiles on both sides, got 0.01 of 10 tiles',
    );
    await expect(preparePatches({ ...options, phases: ['Test'], validationFraction: 0.2 })).rejects.toThrow(
      'a validation fraction needs a phase Train',
    );
  });

  it('replaces what any format wrote, and leaves nothing of it', async () => {
    const root = await writeTypedSet([1, 7]);
    const listings: Record<string, string[]> = {};
    for (const format of [...patchFormats, ...patchFormats]) {
      await preparePatches({ ...small, root, format });
      const files = readdirSync(join(root, 'Prepared/Train'));
      expect(files).toEqual((listings[format] ??= files));
    }
    expect(listings['npz']).toEqual(['patches.json', 'taxonomy.json', 'tile_a.npz']);
    expect(listings['raw']).toEqual(['image_a.npy', 'label_a.npy', 'patches.json', 'taxonomy.json']);
    expect(listings['npy']).toHaveLength(2 + 3 * 4 + 1);
  });

  it.each(patchFormats)('writes the same %s files whatever the number of jobs', async (format) => {
    const taxonomy = await loadTaxonomy('nucls');
    const digests = [];
    for (const jobs of [1, 3, 0]) {
      const out = temporaryFolder();
      const seen: PrepareProgress[] = [];
      const onProgress = (progress: PrepareProgress) => seen.push(progress);
      const options = { root: samples, out, format, taxonomy, patchSize: [200, 180], step: [164, 164] } as const;
      const { phases } = await preparePatches({ ...options, phases: ['Test'], jobs }, { onProgress });
      expect(phases).toEqual({ Test: { tiles: 5, patches: 20 } });
      expect(seen.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5]);
      expect(seen.map(({ tile }) => tile).sort()).toEqual(['test_1', 'test_2', 'test_3', 'test_4', 'test_5']);
      const files = readdirSync(join(out, 'Test'));
      digests.push(files.map((name) => [name, sha256(readFileSync(join(out, 'Test', name)))]));
    }
    expect(digests[1]).toEqual(digests[0]);
    expect(digests[2]).toEqual(digests[0]);
  });

  it('tells of the first bad tile whatever the number of jobs, and removes what it wrote', async () => {
    const root = temporaryFolder();
    cpSync(join(samples, 'Train'), join(root, 'Train'), { recursive: true });
    for (const name of ['train_3', 'train_4']) writeFileSync(join(root, `Train/Images/${name}.png`), 'no image');
    const taxonomy = await loadTaxonomy('nucls');
    for (const jobs of [1, 4]) {
      const run = preparePatches({ root, phases: ['Train'], taxonomy, jobs });
      await expect(run).rejects.toThrow(/train_3\.png: not a PNG/);
      expect(readdirSync(join(root, 'Prepared'))).toEqual([]);
    }
  });

  it('refuses numbers of jobs that are no counts', async () => {
    await expect(preparePatches({ root: samples, jobs: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('refuses formats that it does not know', async () => {
    const format = 'hdf5' as PatchFormat;
    await expect(preparePatches({ root: samples, format })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
