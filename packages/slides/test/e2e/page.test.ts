// The same slides in a page, bundled by Vite and run by chromium, and in Node: the same pixels.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { toContiguous, type Box } from '@hovernet/core';
import { browserAbsence, buildPage, findBrowser, makePageRoot, runPage, workspacePath } from '@hovernet/testing';
import { expect, it } from 'vitest';
import { openSlide } from '../../src/node.js';

const browser = findBrowser();
const fixtures = workspacePath('packages/slides/test/fixtures');
const files = {
  'cmu.svs': workspacePath('samples/slides/CMU-1-Small-Region.svs'),
  'j2k.tif': `${fixtures}/tiff/jpeg2000.tif`,
  'zstd.tif': `${fixtures}/tiff/tiled-zstd.tif`,
  'webp.tif': `${fixtures}/tiff/webp-lossless.tif`,
  'slide.dcm': `${fixtures}/dicom/jpeg.dcm`,
  'photograph.jpg': `${fixtures}/tiff/photograph.jpg`,
};
const box: Box = [10, 10, 60, 50];

const code = `
import { openSlide } from '@hovernet/slides';
export const results = {};
for (const name of ${JSON.stringify(Object.keys(files))}) {
  const slide = await openSlide(name);
  const { data } = await slide.readRegion(0, ${JSON.stringify(box)});
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  results[name] = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  await slide.close();
}
`;

it.skipIf(browser === undefined)(
  `a page reads the pixels that Node reads${browserAbsence(browser)}`,
  { timeout: 300_000 },
  async () => {
    const root = makePageRoot('slides');
    try {
      const contents = Object.entries(files).map(([name, path]) => [name, readFileSync(path)] as const);
      const page = await buildPage({
        root,
        code,
        files: Object.fromEntries(contents),
        conditions: ['@hovernet/source'],
      });
      const results = await runPage(page.folder, browser!);
      const expected: Record<string, string> = {};
      for (const [name, path] of Object.entries(files)) {
        const slide = await openSlide(path);
        expected[name] = createHash('sha256')
          .update(toContiguous(await slide.readRegion(0, box)))
          .digest('hex');
        await slide.close();
      }
      expect(results).toEqual(expected);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
);
