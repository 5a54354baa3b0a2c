// The pool of the entry for pages: bundled by Vite, run by chromium, against segmentNuclei in the same page.
import { rmSync } from 'node:fs';
import { browserAbsence, buildPage, findBrowser, makePageRoot, runPage } from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const browser = findBrowser();

const code = `
import { createHoverMaps, createPlanes, listNuclei } from '@hovernet/core';
import { createPostprocessPool, segmentNuclei } from '@hovernet/postprocess/web';

const side = 300;
const rawMaps = { np: createPlanes(2, side, side), hv: createHoverMaps(side, side), nc: createPlanes(3, side, side) };
for (let y = 0; y < side; y++) {
  for (let x = 0; x < side; x++) {
    const [dx, dy] = [(x % 20) - 10, (y % 20) - 10];
    const isInside = dx ** 2 + dy ** 2 <= 64;
    rawMaps.np.set(1, y, x, isInside ? 3 : -3);
    rawMaps.hv.set(0, y, x, isInside ? dx / 8 : 0);
    rawMaps.hv.set(1, y, x, isInside ? dy / 8 : 0);
    rawMaps.nc.set(1 + (Math.floor(x / 20) % 2), y, x, 3);
  }
}
const expected = segmentNuclei(rawMaps);
const pool = createPostprocessPool({ workers: 2, startNow: true });
const [segmented, { table }] = await Promise.all([pool.segment(rawMaps), pool.segmentTable(rawMaps)]);
const broken = await pool.segment(rawMaps, { sobelKernelSize: 4 }).catch(({ code }) => code);
const waiting = pool.segment(rawMaps).catch(({ code }) => code);
await pool.dispose();
const differing = segmented.instanceMap.data.filter((id, i) => id !== expected.instanceMap.data[i]).length;
export const results = {
  differing, expected: expected.nuclei, segmented: segmented.nuclei, listed: listNuclei(table), broken, disposed: await waiting,
};
`;

describe('a page with a pool', { timeout: 180_000 }, () => {
  const root = makePageRoot('postprocess');
  let page: Awaited<ReturnType<typeof buildPage>>;

  beforeAll(async () => {
    page = await buildPage({ root, code, conditions: ['@hovernet/source'] });
  }, 120_000);

  afterAll(() => rmSync(root, { recursive: true }));

  it('takes nothing that only Node has', () => {
    expect(page.nodeModules).toEqual([]);
  });

  it.skipIf(browser === undefined)(`segments in workers${browserAbsence(browser)}`, async () => {
    const results = (await runPage(page.folder, browser!)) as Record<string, unknown>;
    expect(results['expected']).toHaveLength(225);
    expect(results['segmented']).toEqual(results['expected']);
    expect(results['listed']).toEqual(results['expected']);
    expect(results).toMatchObject({ differing: 0, broken: 'INVALID_ARGUMENT', disposed: 'INTERRUPTED' });
  });
});
