import { FileError } from '@hovernet/core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listImages } from '../src/list-images.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-list-images-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  for (const name of ['b.png', 'a.png', 'a1.png', 'notes.txt', 'a.png.bak', 'x+y (1).png']) {
    writeFileSync(join(folder, name), '');
  }
  mkdirSync(join(folder, 'empty'));
});

const inFolder = (...names: string[]) => names.map((name) => join(folder, name));

it('gives the images of a folder in order', async () => {
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
  ['nowhere', /nowhere: no such file or folder; give an image, a folder of images or a glob/],
  ['nowhere/*.png', /nowhere\/\*\.png: no image matches/],
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

it('takes JPEG and TIFF from a folder too, whatever their case, but no arrays', async () => {
  const kinds = join(folder, 'kinds');
  mkdirSync(kinds);
  for (const name of ['b.TIF', 'a.jpg', 'c.jpeg', 'd.tiff', 'e.PNG', 'f.npy', 'g.gif'])
    writeFileSync(join(kinds, name), '');
  const expected = ['a.jpg', 'b.TIF', 'c.jpeg', 'd.tiff', 'e.PNG'];
  expect(await listImages(kinds)).toEqual(expected.map((name) => join(kinds, name)));
  expect(await listImages(join(kinds, '*.npy'))).toEqual([join(kinds, 'f.npy')]);
});

describe('several folders', () => {
  const tree = join(folder, 'tree (1)');
  beforeAll(() => {
    for (const name of ['x/1.png', 'x/y/2.png', 'z/3.png', 'z/3.jpg']) {
      mkdirSync(dirname(join(tree, name)), { recursive: true });
      writeFileSync(join(tree, name), '');
    }
  });
  const inTree = (...names: string[]) => names.map((name) => join(tree, name));

  it('are matched by ** and by alternatives', async () => {
    expect(await listImages(join(tree, '**/*.png'))).toEqual(inTree('x/1.png', 'x/y/2.png', 'z/3.png'));
    expect(await listImages(join(tree, '{x,z}/*.{png,jpg}'))).toEqual(inTree('x/1.png', 'z/3.jpg', 'z/3.png'));
  });

  it('are given as a list, in which no image counts twice', async () => {
    const inputs = [join(tree, 'z'), join(tree, 'x/1.png'), join(tree, '*/3.png'), join(tree, 'x/../x/1.png')];
    expect(await listImages(inputs)).toEqual(inTree('x/1.png', 'z/3.jpg', 'z/3.png'));
    await expect(listImages([join(tree, 'z'), join(tree, 'q')])).rejects.toThrow(/q: no such file or folder/);
  });

  it('may be relative to the working directory', async () => {
    const here = relative(process.cwd(), tree);
    expect(await listImages(join(here, '**/1.png'))).toEqual([join(here, 'x/1.png')]);
  });
});

it("finds the images of a data set in the bundle's layout", async () => {
  const images = join(folder, 'CoNSeP/Test/Images');
  mkdirSync(images, { recursive: true });
  writeFileSync(join(images, 'test_1.png'), '');
  expect(await listImages(join(folder, 'CoNSeP'))).toEqual([join(images, 'test_1.png')]);
  expect(await listImages(join(folder, 'CoNSeP/Test'))).toEqual([join(images, 'test_1.png')]);
});
