// On a machine where h5wasm is not installed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnsupportedError } from '@hovernet/core';
import { expect, it, vi } from 'vitest';
import { encodeMat, readMat } from '../../src/node.js';
import { fromBase64, readFixture, temporaryFolder } from '../helpers.js';

vi.mock('h5wasm/node', () => {
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
});

it('says in one sentence what MAT v7.3 needs, and reads the other versions', async () => {
  const path = join(temporaryFolder(), 'new.mat');
  writeFileSync(path, fromBase64(readFixture<{ file: string }>('mat73.json').file));
  for (let attempt = 0; attempt < 2; attempt++) {
    const error: unknown = await readMat(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toBe(
      `${path}: MAT v7.3 files (HDF5) need the package h5wasm, which is not installed; npm install h5wasm@0.10.3`,
    );
  }
  writeFileSync(path, encodeMat(new Map()));
  expect((await readMat(path)).size).toBe(0);
});
