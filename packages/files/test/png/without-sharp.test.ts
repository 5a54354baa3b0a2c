// On a machine where sharp is not installed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRgbImage, UnsupportedError } from '@hovernet/core';
import { expect, it, vi } from 'vitest';
import { encodePng, readImage, readPng } from '../../src/node.js';
import { fromBase64, readFixture, temporaryFolder } from '../helpers.js';

vi.mock('sharp', () => {
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
});

it('reads PNG by pngjs', async () => {
  const path = join(temporaryFolder(), 'a.png');
  writeFileSync(path, encodePng(createRgbImage(1, 1, Uint8Array.of(1, 2, 3))));
  expect([...(await readPng(path)).data]).toEqual([1, 2, 3]);
  expect([...(await readImage(path)).data]).toEqual([1, 2, 3]);
  await expect(readPng(path, { decoder: 'sharp' })).rejects.toThrow(/npm install sharp@0\.35\.5/);
});

it('says in one sentence what JPEG and TIFF need', async () => {
  for (const { name, base64 } of readFixture<{ name: string; base64: string }[]>('images.json')) {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, fromBase64(base64));
    const error: unknown = await readImage(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toBe(
      `${path}: JPEG and TIFF images need the package sharp, which is not installed; npm install sharp@0.35.5`,
    );
  }
});
