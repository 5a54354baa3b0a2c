import { FileError } from '@hovernet/core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listImages } from '../../src/inference/list-images.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-list-images-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  for (const name of ['b.png', 'a.png', 'a1.png', 'notes.txt', 'a.png.bak', 'x+y (1).png']) {
    writeFileSync(join(folder, name), '');
  }
  mkdirSync(join(folder, 'empty'));
});

const inFolder = (...names: string[]) => names.map((name) => join(folder, name));

it('gives the PNG images of a folder in order', async () => {
  expect(await listImages(folder)).toEqual(inFolder('a.png', 'a1.png', 'b.png', 'x+y (1).png'));
});

it('gives a single file as it is', async () => {
  expect(await listImages(join(folder, 'notes.txt'))).toEqual(inFolder('notes.txt'));
});

it('lets * stand for any characters in the last part, and nothing else', async () => {
  expect(await listImages(join(folder, 'a*.png'))).toEqual(inFolder('a.png', 'a1.png'));
  expect(await listImages(join(folder, '*y (1).png'))).toEqual(inFolder('x+y (1).png'));
  await expect(listImages(join(folder, 'a.*pn'))).rejects.toThrow(/no image matches/);
});

it.each([
  ['nowhere', /nowhere: no such file or folder; give an image, a folder of PNG images or a glob/],
  ['nowhere/*.png', /nowhere: no such folder/],
  ['empty', /empty.*: no image matches/],
  ['*.jpg', /\*\.jpg: no image matches/],
])('names what is not there: %s', async (pattern, message) => {
  const listing = listImages(join(folder, pattern));
  await expect(listing).rejects.toThrow(FileError);
  await expect(listing).rejects.toThrow(message);
  await expect(listing).rejects.toMatchObject({ code: 'MISSING_FILE' });
});

it('leaves out hidden files and folders', async () => {
  const mixed = join(folder, 'mixed');
  mkdirSync(join(mixed, 'folder.png'), { recursive: true });
  for (const name of ['._c.png', 'c.png']) writeFileSync(join(mixed, name), '');
  expect(await listImages(mixed)).toEqual([join(mixed, 'c.png')]);
});
