import { join } from 'node:path';
import { UnsupportedError } from '@hovernet/core';
import { hasReference, referencePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { listArrays, readNpy, readNpz } from '../../src/node.js';

const folder = 'data/formats/npy';

describe.skipIf(!hasReference(folder))('NumPy’s files of others', () => {
  const pathOf = (name: string) => join(referencePath(folder), name);
  const counting = BigInt64Array.from({ length: 10 }, (_, index) => BigInt(index));

  it('reads an array and an archive', async () => {
    expect(await readNpy(pathOf('test.npy'))).toEqual({ dtype: 'int64', shape: [10], data: counting });
    const arrays = await readNpz(pathOf('test.npz'));
    expect([...arrays]).toEqual([
      ['x', { dtype: 'int64', shape: [10], data: counting }],
      ['x_plus_one', { dtype: 'int64', shape: [10], data: counting.map((value) => value + 1n) }],
    ]);
    expect((await listArrays(pathOf('test.npz'))).arrays.map(({ name, sum }) => [name, sum])).toEqual([
      ['x', 45],
      ['x_plus_one', 55],
    ]);
  });

  it('refuses Python objects by name', async () => {
    const error: unknown = await readNpy(pathOf('py3-objarr.npy')).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toMatch(/py3-objarr\.npy: arrays of Python objects are not supported/);
  });
});
