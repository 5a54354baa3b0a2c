import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFolderScratch } from '../../src/scratch/node/folder-scratch.js';
import { createPlane } from '../../src/scratch/plane.js';
import { memoryScratch } from '../../src/scratch/scratch.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-scratch-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['memory', memoryScratch],
  ['a folder', createFolderScratch(join(folder, 'made'))],
])('scratch files in %s', (_where, scratch) => {
  it('hold what was written, and zeros where nothing was', async () => {
    const file = await scratch.open();
    const read = async (length: number, offset: number) => {
      const target = new Uint8Array(length).fill(255);
      await file.read(target, offset);
      return [...target];
    };
    expect(await read(3, 0)).toEqual([0, 0, 0]);
    await file.write(Uint8Array.of(1, 2, 3), 4);
    expect(await read(10, 0)).toEqual([0, 0, 0, 0, 1, 2, 3, 0, 0, 0]);
    expect(await read(2, 100)).toEqual([0, 0]);
    await file.write(Uint8Array.of(9), 5);
    await file.write(Uint8Array.of(7, 8), 20);
    expect(await read(4, 4)).toEqual([1, 9, 3, 0]);
    expect(await read(6, 17)).toEqual([0, 0, 0, 7, 8, 0]);
    await file.close();
  });

  it('are each other’s neighbours, not the same', async () => {
    const [one, two] = await Promise.all([scratch.open(), scratch.open()]);
    await one.write(Uint8Array.of(1), 0);
    const target = Uint8Array.of(5);
    await two.read(target, 0);
    expect([...target]).toEqual([0]);
    await Promise.all([one.close(), two.close()]);
  });

  it('hold planes that are read in boxes', async () => {
    const plane = createPlane(await scratch.open(), { width: 4, bytesPerPixel: 2 });
    await plane.write([1, 1, 3, 3], Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect([...(await plane.read([0, 2, 4, 3]))]).toEqual([0, 0, 5, 6, 7, 8, 0, 0]);
    expect([...(await plane.read([2, 0, 3, 4]))]).toEqual([0, 0, 3, 4, 7, 8, 0, 0]);
    await plane.write([0, 0, 4, 1], Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9));
    expect([...(await plane.read([2, 0, 3, 2]))]).toEqual([9, 9, 3, 4]);
    await plane.close();
  });

  it('are gone when they are closed', async () => {
    const file = await scratch.open();
    await file.write(Uint8Array.of(1), 0);
    await file.close();
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual([]);
  });
});

it('names the folder where it cannot write', async () => {
  await expect(createFolderScratch('/dev/null/no').open()).rejects.toThrow(/^\/dev\/null\/no.*scratch file/);
});
