import { join } from 'node:path';
import { createRgbImage } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { listArrays, writeNpy, writeNpz, writePng } from '../src/index.js';
import { samples, temporaryFolder } from './helpers.js';

describe('listArrays', () => {
  it('summarises the label file of a tile', async () => {
    const { format, arrays } = await listArrays(join(samples, 'Train/Labels/train_3.mat'));
    expect(format).toBe('mat');
    expect(arrays.map(({ name, dtype, shape }) => [name, dtype, ...shape])).toEqual([
      ['inst_map', 'int32', 256, 256],
      ['type_map', 'uint8', 256, 256],
      ['inst_type', 'uint8', 38, 1],
      ['inst_centroid', 'float64', 38, 2],
    ]);
    expect(arrays[0]).toMatchObject({ min: 0, max: 38 });
  });

  it('summarises .npy, .npz and .png', async () => {
    const folder = temporaryFolder();
    const array = { dtype: 'float32', shape: [3], data: Float32Array.of(1, NaN, -3) } as const;
    const empty = { dtype: 'float32', shape: [0], data: new Float32Array() } as const;
    await writeNpy(join(folder, 'a.npy'), array);
    await writeNpz(join(folder, 'a.npz'), new Map([['e', empty]]));
    await writePng(join(folder, 'a.PNG'), createRgbImage(1, 1, Uint8Array.of(1, 2, 3)));
    expect((await listArrays(join(folder, 'a.npy'))).arrays).toEqual([
      { name: 'array', dtype: 'float32', shape: [3], min: -3, max: 1, sum: -2 },
    ]);
    expect((await listArrays(join(folder, 'a.npz'))).arrays).toEqual([
      { name: 'e', dtype: 'float32', shape: [0], min: null, max: null, sum: null },
    ]);
    expect((await listArrays(join(folder, 'a.PNG'))).arrays).toEqual([
      { name: 'image', dtype: 'uint8', shape: [1, 1, 3], min: 1, max: 3, sum: 6 },
    ]);
  });

  it('refuses other endings', async () => {
    await expect(listArrays('a.tif')).rejects.toThrow("expected a .mat, .npy, .npz or .png file, got '.tif'");
  });
});
