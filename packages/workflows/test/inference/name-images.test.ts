import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leaveOutOutputs, nameImages } from '../../src/inference/name-images.js';

describe('names of images', () => {
  it.each<[string, Record<string, string>]>([
    ['are those of the files', { '/d/a.png': 'a', '/d/e/b.tif': 'b' }],
    ['have the extension where only that differs', { '/d/a.png': 'a.png', '/d/a.jpg': 'a.jpg', '/d/b.png': 'b' }],
    ['have the folder where that differs', { '/d/x/a.png': 'x/a', '/d/y/z/a.png': 'y/z/a', '/d/y/b.png': 'b' }],
    ['have both where both differ', { '/d/x/a.png': 'x/a.png', '/d/x/a.jpg': 'x/a.jpg', '/d/y/a.png': 'y/a' }],
    ['are told apart on systems that take upper for lower case', { '/d/x/A.png': 'x/A', '/d/y/a.png': 'y/a' }],
    ['are none of the saved configuration', { '/d/infer_config.png': 'infer_config.png', '/d/b.png': 'b' }],
  ])('%s', (_what, expected) => {
    const paths = Object.keys(expected);
    const names = nameImages(paths);
    expect(new Set(names.map(({ name }) => name.toLowerCase())).size).toBe(paths.length);
    const again = nameImages(paths.toReversed());
    expect(again.toReversed()).toEqual(names);
    expect(Object.fromEntries(names.map(({ path, name }) => [path, name.replaceAll('\\', '/')]))).toEqual(expected);
  });

  it.each([[['/d/A.png', '/d/a.png', '/d/a.png-2.png']], [['/d/a.png', '/d/a.jpg', '/e/a.png.tif']]])(
    'differ, whatever the files are called: %j',
    (paths) => {
      const names = nameImages(paths).map(({ name }) => name.toLowerCase());
      expect(new Set(names).size).toBe(paths.length);
    },
  );

  it('may be none', () => {
    expect(nameImages([])).toEqual([]);
  });
});

it('leaves out what inference wrote beside the images', () => {
  const images = nameImages(['d/a.png', 'd/a_overlay.png', 'd/b_overlay.png'].map((path) => resolve(path)));
  const { images: rest, leftOut } = leaveOutOutputs(images, 'd');
  expect(leftOut).toEqual([resolve('d/a_overlay.png')]);
  expect(rest.map(({ name }) => name)).toEqual(['a', 'b_overlay']);
  expect(leaveOutOutputs(images, 'elsewhere').leftOut).toEqual([]);
});
