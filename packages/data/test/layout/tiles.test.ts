import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRgbImage } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { readLabels } from '../../src/layout/read-labels.js';
import { type MatSparse, type NumericArray } from '@hovernet/files';
import { writeMat, writePng } from '@hovernet/files/node';
import { listTiles, loadTaxonomy, readTile } from '../../src/index.js';
import { samples, temporaryFolder } from '../helpers.js';

/** A data set of one phase with one tile of 2 × 3 pixels. */
async function writeTinySet(variables: Record<string, NumericArray>, size: [number, number] = [2, 3]) {
  const root = temporaryFolder();
  await writePng(join(root, 'Train/Images/a.png'), createRgbImage(...size));
  await writeMat(join(root, 'Train/Labels/a.mat'), new Map(Object.entries(variables)));
  return root;
}

const instances: NumericArray = { dtype: 'float64', shape: [2, 3], data: Float64Array.of(0, 1, 1, 0, 9, 9) };
const types: NumericArray = { dtype: 'uint8', shape: [2, 3], data: Uint8Array.of(0, 7, 7, 0, 2, 2) };

describe('listTiles', () => {
  it('sorts as the reference does, by code units', async () => {
    const names = (await listTiles(samples, 'Train')).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['train_1', 'train_10', 'train_2']);
    expect(names).toHaveLength(10);
  });

  it('names a missing partner', async () => {
    const root = temporaryFolder();
    cpSync(join(samples, 'Test'), join(root, 'Test'), { recursive: true });
    rmSync(join(root, 'Test/Labels/test_3.mat'));
    await expect(listTiles(root, 'Test')).rejects.toThrow(
      /Labels\/test_3\.mat: missing: every image needs its partner/,
    );
    renameSync(join(root, 'Test/Images/test_3.png'), join(root, 'Test/Images/test_3.jpg'));
    rmSync(join(root, 'Test/Images/test_4.png'));
    await expect(listTiles(root, 'Test')).rejects.toMatchObject({
      code: 'MISSING_FILE',
      path: join(root, 'Test/Images/test_4.png'),
    });
  });

  it('says which folder is missing or has no such files', async () => {
    const root = temporaryFolder();
    await expect(listTiles(root, 'Train')).rejects.toMatchObject({ code: 'MISSING_FILE' });
    mkdirSync(join(root, 'Train/Images'), { recursive: true });
    mkdirSync(join(root, 'Train/Labels'), { recursive: true });
    await expect(listTiles(root, 'Train')).rejects.toThrow('no *.png file here; check the folder and the suffix');
  });
});

describe('readTile', () => {
  it('reads a sample', async () => {
    const [tile] = await listTiles(samples, 'Train');
    const { name, image, instanceMap, typeMap } = await readTile(tile!, await loadTaxonomy('nucls'));
    expect(name).toBe('train_1');
    expect([image.shape, instanceMap.shape, typeMap.shape]).toEqual([
      [256, 256, 3],
      [256, 256],
      [256, 256],
    ]);
    const untyped = instanceMap.data.filter((id, i) => id > 0 && typeMap.data[i] === 0);
    expect(untyped).toHaveLength(0);
    expect(new Set(instanceMap.data).size).toBeGreaterThan(2);
  });

  it('maps types and takes labels of any numeric class', async () => {
    const root = await writeTinySet({ inst_map: instances, type_map: types });
    const [tile] = await listTiles(root, 'Train');
    const { instanceMap, typeMap } = await readTile(tile!, await loadTaxonomy('consep'));
    expect([...instanceMap.data]).toEqual([0, 1, 1, 0, 9, 9]);
    expect([...typeMap.data]).toEqual([0, 4, 4, 0, 2, 2]);
  });

  it('refuses labels of another size than the image', async () => {
    const root = await writeTinySet({ inst_map: instances, type_map: types }, [3, 2]);
    const [tile] = await listTiles(root, 'Train');
    await expect(readTile(tile!, await loadTaxonomy('consep'))).rejects.toThrow(
      /a\.mat: labels are 3×2 \(width×height\) but .*a\.png is 2×3/,
    );
  });

  it.each([
    [{ inst_map: instances }, 'expected a matrix type_map [height, width]; the file holds inst_map'],
    [{ inst_map: instances, type_map: { ...types, shape: [3, 2] } }, 'inst_map is [2, 3] but type_map is [3, 2]'],
    [
      { inst_map: { ...instances, data: Float64Array.of(0, 1.5, 1, 0, 2, 2) }, type_map: types },
      'inst_map: expected whole numbers of 0 to 2147483647, found 1.5 (float64)',
    ],
    [
      { inst_map: { ...instances, data: Float64Array.of(0, -1, 1, 0, 2, 2) }, type_map: types },
      'inst_map: expected whole numbers of 0 to 2147483647, found -1 (float64)',
    ],
  ] as [Record<string, NumericArray>, string][])('refuses labels that do not fit: %#', async (variables, message) => {
    const root = await writeTinySet(variables);
    await expect(readLabels(join(root, 'Train/Labels/a.mat'))).rejects.toThrow(message);
  });

  it('reads labels that are stored as sparse matrices', async () => {
    const root = temporaryFolder();
    const path = join(root, 'a.mat');
    const columns = { rows: Int32Array.of(0, 1), starts: Int32Array.of(0, 0, 1, 2) };
    const sparse = (...numbers: number[]): MatSparse => {
      const values: NumericArray = { dtype: 'float64', shape: [2], data: Float64Array.from(numbers) };
      return { dtype: 'sparse', shape: [2, 3], data: { values, ...columns } };
    };
    await writeMat(
      path,
      new Map([
        ['inst_map', sparse(4, 9)],
        ['type_map', sparse(2, 1)],
      ]),
    );
    const labels = await readLabels(path);
    expect([labels.shape, [...labels.instanceMap], [...labels.typeMap]]).toEqual([
      [2, 3],
      [0, 4, 0, 0, 0, 9],
      [0, 2, 0, 0, 0, 1],
    ]);
  });

  it('refuses file types that it does not know', async () => {
    const root = await writeTinySet({ inst_map: instances, type_map: types });
    const [tile] = await listTiles(root, 'Train');
    writeFileSync(tile!.imagePath, 'no image of any kind');
    await expect(readTile(tile!, await loadTaxonomy('consep'))).rejects.toThrow(/a\.png: not a PNG/);
    await expect(readLabels('a.npy')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
