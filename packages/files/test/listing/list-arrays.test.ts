import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRgbImage } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import {
  listArrays,
  writeMat,
  writeNpy,
  writeNpz,
  writePng,
  type MatValue,
  type NumericArray,
} from '../../src/node.js';
import { fromBase64, readFixture, samples, temporaryFolder } from '../helpers.js';
import { encodeKind } from '../png/encode-kind.js';

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

  it('lists what is inside cells, structures and objects after them, names joined by /', async () => {
    const path = join(temporaryFolder(), 'nested.mat');
    const one = { dtype: 'float64', shape: [1, 1], data: Float64Array.of(1) } as const;
    const text = { dtype: 'char', shape: [1, 2], data: ['ab'] } as const;
    const record = new Map<string, MatValue>([
      ['n', one],
      ['cells', { dtype: 'cell', shape: [1, 2], data: [text, one] }],
    ]);
    await writeMat(
      path,
      new Map<string, MatValue>([
        ['record', { dtype: 'struct', shape: [1, 1], data: [record] }],
        ['records', { dtype: 'struct', shape: [1, 2], data: [new Map([['n', one]]), new Map([['n', text]])] }],
        ['none', { dtype: 'cell', shape: [0, 0], data: [] }],
      ]),
    );
    const { arrays } = await listArrays(path);
    expect(arrays.map(({ name, dtype, shape, sum }) => [name, dtype, shape.join('×'), sum])).toEqual([
      ['record', 'struct', '1×1', null],
      ['record/n', 'float64', '1×1', 1],
      ['record/cells', 'cell', '1×2', null],
      ['record/cells/0', 'char', '1×2', null],
      ['record/cells/1', 'float64', '1×1', 1],
      ['records', 'struct', '1×2', null],
      ['records/0/n', 'float64', '1×1', 1],
      ['records/1/n', 'char', '1×2', null],
      ['none', 'cell', '0×0', null],
    ]);
  });

  it('counts the zeros of sparse matrices', async () => {
    const path = join(temporaryFolder(), 'sparse.mat');
    const indices = { rows: Int32Array.of(1, 0), starts: Int32Array.of(0, 1, 1, 2) };
    const values: NumericArray = { dtype: 'float64', shape: [2], data: Float64Array.of(-7, -5) };
    await writeMat(path, new Map([['s', { dtype: 'sparse', shape: [2, 3], data: { values, ...indices } }]]));
    expect((await listArrays(path)).arrays).toEqual([
      { name: 's', dtype: 'float64', shape: [2, 3], min: -7, max: 0, sum: -12 },
    ]);
  });

  it('lists MAT v7.3', async () => {
    const path = join(temporaryFolder(), 'new.mat');
    writeFileSync(path, fromBase64(readFixture<{ file: string }>('mat73.json').file));
    const { arrays } = await listArrays(path);
    const find = (name: string) => arrays.find((array) => array.name === name);
    expect(find('volume')).toEqual({ name: 'volume', dtype: 'int16', shape: [2, 3, 4], min: 0, max: 23, sum: 276 });
    expect(find('records/2/y')).toMatchObject({ dtype: 'float64', sum: 12 });
    expect(find('thing/expr')).toMatchObject({ dtype: 'char', shape: [1, 1] });
    expect(find('words')).toMatchObject({ dtype: 'opaque', shape: [] });
  });

  it('lists images as they are stored: alpha, 16 bits, one channel of grey', async () => {
    const path = join(temporaryFolder(), 'a.png');
    const pixels = { width: 2, height: 1, samples: [1, 65535, 300, 7] };
    writeFileSync(path, encodeKind({ colorType: 4, bitDepth: 16, interlaced: false }, pixels));
    expect((await listArrays(path)).arrays).toEqual([
      { name: 'image', dtype: 'uint16', shape: [1, 2, 2], min: 1, max: 65535, sum: 65843 },
    ]);
    writeFileSync(path, encodeKind({ colorType: 0, bitDepth: 8, interlaced: false }, { ...pixels, samples: [9, 4] }));
    expect((await listArrays(path)).arrays).toEqual([
      { name: 'image', dtype: 'uint8', shape: [1, 2], min: 4, max: 9, sum: 13 },
    ]);
  });

  it('refuses other endings', async () => {
    await expect(listArrays('a.svs')).rejects.toThrow(
      "expected a .mat, .npy, .npz, .png, .jpg, .tif, .safetensors, .pt, .pth or .tar file, got '.svs'",
    );
  });
});
