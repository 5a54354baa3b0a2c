import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countDifferences } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { type NumericArray } from '@hovernet/files';
import { writeNpy, writeNpz } from '@hovernet/files/node';
import {
  listTiles,
  loadTaxonomy,
  openPatches,
  openTiles,
  patchFormats,
  preparePatches,
  readTile,
  type PatchFormat,
} from '../../src/index.js';
import { samples, temporaryFolder } from '../helpers.js';

async function prepare(format: PatchFormat): Promise<string> {
  const out = temporaryFolder();
  const taxonomy = await loadTaxonomy('nucls');
  const sizes = { patchSize: [90, 100], step: [60, 70] } as const;
  await preparePatches({ root: samples, out, phases: ['Test'], taxonomy, format, ...sizes });
  return out;
}

describe('openPatches', () => {
  it.each(['npz', 'raw'] as const)('gives the samples of npy in the same order from %s', async (format) => {
    const fromFiles = await openPatches(await prepare('npy'), 'Test');
    const fromTiles = await openPatches(await prepare(format), 'Test');
    expect(fromFiles.length).toBe(5 * 5 * 4);
    expect(fromTiles.length).toBe(fromFiles.length);
    for (let index = 0; index < fromFiles.length; index++) {
      expect(fromTiles.name(index)).toBe(fromFiles.name(index));
      const [a, b] = await Promise.all([fromFiles.load(index), fromTiles.load(index)]);
      expect(a.image.shape).toEqual([90, 100, 3]);
      expect(countDifferences(a.image.data, b.image.data)).toBe(0);
      expect(countDifferences(a.instanceMap.data, b.instanceMap.data)).toBe(0);
      expect(countDifferences(a.typeMap.data, b.typeMap.data)).toBe(0);
    }
  });

  it('names the part of a patch that is missing, damaged or of another size', async () => {
    const out = await prepare('npy');
    const types = join(out, 'Test/test_1_000_type_map.npy');
    await writeNpy(types, { dtype: 'int32', shape: [2, 2, 1], data: new Int32Array(4) });
    const patches = await openPatches(out, 'Test');
    await expect(patches.load(0)).rejects.toThrow(`${types}: expected [90, 100, 1], got [2, 2, 1]`);
    await writeNpy(types, { dtype: 'int32', shape: [90, 100, 1], data: new Int32Array(9000).fill(300) });
    await expect(patches.load(0)).rejects.toThrow(`${types}: expected whole numbers of 0 to 255, found 300`);
    rmSync(types);
    await expect(openPatches(out, 'Test')).rejects.toMatchObject({ code: 'MISSING_FILE', path: types });
  });

  it('says that nothing was prepared', async () => {
    const out = temporaryFolder();
    await expect(openPatches(out, 'Train')).rejects.toMatchObject({ code: 'MISSING_FILE' });
    await expect(openPatches(samples, 'Train/Images')).rejects.toThrow('prepare the patches first');
  });

  it('refuses a damaged index and one of another format', async () => {
    const out = await prepare('raw');
    writeFileSync(join(out, 'Test/patches.json'), '{"format":');
    await expect(openPatches(out, 'Test')).rejects.toThrow('damaged index; prepare the patches again');
    writeFileSync(join(out, 'Test/patches.json'), '{"format":"zarr","tiles":[{}]}');
    await expect(openPatches(out, 'Test')).rejects.toThrow('no index of tiles; prepare the patches again');
  });
});

describe('openTiles', () => {
  it.each(patchFormats)('gives whole tiles as they were from %s', async (format) => {
    const tiles = await openTiles(await prepare(format), 'Test');
    const [first] = await listTiles(samples, 'Test');
    const expected = await readTile(first!, await loadTaxonomy('nucls'));
    expect([tiles.length, tiles.name(0)]).toEqual([5, 'test_1']);
    const tile = await tiles.load(0);
    expect(tile.image.shape).toEqual([256, 256, 3]);
    expect(countDifferences(tile.image.data, expected.image.data)).toBe(0);
    expect(countDifferences(tile.instanceMap.data, expected.instanceMap.data)).toBe(0);
    expect(countDifferences(tile.typeMap.data, expected.typeMap.data)).toBe(0);
  });

  it('names a missing label', async () => {
    const out = await prepare('raw');
    rmSync(join(out, 'Test/label_test_2.npy'));
    await expect(openTiles(out, 'Test')).rejects.toMatchObject({ path: join(out, 'Test/label_test_2.npy') });
  });

  it('names the archive that lacks an array or holds one of another shape', async () => {
    const out = await prepare('npz');
    const path = join(out, 'Test/tile_test_1.npz');
    const image = { dtype: 'uint8', shape: [2, 2, 3], data: new Uint8Array(12) } as const;
    await writeNpz(path, new Map([['image', image]]));
    const tiles = await openTiles(out, 'Test');
    await expect(tiles.load(0)).rejects.toThrow(`${path}: expected arrays image and label, got image`);
    const label = { dtype: 'int32', shape: [2, 2], data: new Int32Array(4) } as const;
    await writeNpz(path, new Map<string, NumericArray>([...Object.entries({ image, label })]));
    await expect(tiles.load(0)).rejects.toThrow(`${path}: expected labels [2, 2, 2], got [2, 2]`);
    await writeNpz(
      path,
      new Map([
        ['image', label],
        ['label', label],
      ]),
    );
    await expect(tiles.load(0)).rejects.toThrow(`${path}: expected an image [height, width, 3], got [2, 2]`);
    writeFileSync(path, 'PK');
    await expect(tiles.load(0)).rejects.toMatchObject({ path, code: 'INVALID_FILE' });
  });

  it('says that nothing was prepared', async () => {
    await expect(openTiles(samples, 'Test/Images')).rejects.toThrow('no image_*.npy or tile_*.npz files; prepare');
  });
});
