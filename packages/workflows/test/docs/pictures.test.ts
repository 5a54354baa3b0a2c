// The pictures of docs/explanation are what the code draws; HOVERNET_DOCS=draw writes them.
import { readPng, writePng } from '@hovernet/files/node';
import { workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';
import { drawFailures, drawSteps } from './post-processing-pictures.js';

it.each([
  ['post-processing', drawSteps],
  ['failures', drawFailures],
])('docs/pictures/%s.png shows what the post-processing does', async (name, draw) => {
  const path = workspacePath('docs/pictures', `${name}.png`);
  const picture = await draw();
  if (process.env['HOVERNET_DOCS'] === 'draw') await writePng(path, picture);
  const stored = await readPng(path);
  expect(stored.shape).toEqual(picture.shape);
  expect(Buffer.from(stored.data).equals(Buffer.from(picture.data))).toBe(true);
});
