import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countDifferences } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import {
  listTiles,
  loadTaxonomy,
  openPatches,
  openTiles,
  preparePatches,
  readTile,
  writeNpy,
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
  it('gives the same samples in the same order from both formats', async () => {
    const fromFiles = await openPatches(await prepare('npy'), 'Test');
    const fromTiles = await openPatches(await prepare('tiles'), 'Test');
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

  it('refuses a damaged index', async () => {
    const out = await prepare('tiles');
    writeFileSync(join(out, 'Test/patches.json'), '{"format":');
    await expect(openPatches(out, 'Test')).rejects.toThrow('damaged index; prepare the patches again');
  });
});

describe('openTiles', () => {
  it('gives whole tiles as they were', async () => {
    const tiles = await openTiles(await prepare('tiles'), 'Test');
    const [first] = await listTiles(samples, 'Test');
    const expected = await readTile(first!, await loadTaxonomy('nucls'));
    expect([tiles.length, tiles.name(0)]).toEqual([5, 'test_1']);
    const tile = await tiles.load(0);
    expect(countDifferences(tile.image.data, expected.image.data)).toBe(0);
    expect(countDifferences(tile.instanceMap.data, expected.instanceMap.data)).toBe(0);
    expect(countDifferences(tile.typeMap.data, expected.typeMap.data)).toBe(0);
  });

  it('names a missing label', async () => {
    const out = await prepare('tiles');
    rmSync(join(out, 'Test/label_test_2.npy'));
    await expect(openTiles(out, 'Test')).rejects.toMatchObject({ path: join(out, 'Test/label_test_2.npy') });
  });
});
