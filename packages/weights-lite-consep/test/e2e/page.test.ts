// The README's two examples side by side on one crop: the one for pages, bundled by Vite and run by chromium, the other in Node.
import { readFileSync, rmSync } from 'node:fs';
import type { Nucleus } from '@hovernet/core';
import {
  browserAbsence,
  buildPage,
  findBrowser,
  makePageRoot,
  readReadmeBlock,
  runPage,
  runReadmeExample,
  workspacePath,
  type BuiltPage,
} from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type FoundNucleus = Pick<Nucleus, 'type' | 'centroid'>;

const browser = findBrowser();
const title = browserAbsence(browser);
const crop = 'samples/nucls/Test/Images/test_1.png';

const sent = `
export const results = { nuclei: nuclei.map(({ type, centroid }) => ({ type, centroid })) };
`;

describe('a page of the README', { timeout: 180_000 }, () => {
  let root: string;
  let page: BuiltPage;

  beforeAll(async () => {
    root = makePageRoot('weights-lite-consep');
    page = await buildPage({
      root,
      code: readReadmeBlock('weights-lite-consep', 'js') + sent,
      files: { 'tile.png': readFileSync(workspacePath(crop)) },
      conditions: ['@hovernet/source'],
    });
  }, 120_000);

  afterAll(() => rmSync(root, { recursive: true }));

  it('takes nothing that only Node has', () => {
    expect(page.nodeModules).toEqual([]);
  });

  it.skipIf(browser === undefined)(`finds the nuclei that Node finds${title}`, async () => {
    const replace = { [crop]: workspacePath(crop) };
    const { values } = await runReadmeExample('weights-lite-consep', { replace, names: ['nuclei'] });
    const expected = values['nuclei'] as readonly FoundNucleus[];
    const { nuclei } = (await runPage(page.folder, browser!)) as { readonly nuclei: readonly FoundNucleus[] };
    expect(nuclei.map(({ type }) => type)).toEqual(expected.map(({ type }) => type));
    nuclei.forEach(({ centroid }, i) => {
      // Sums in another order may turn a pixel at an outline.
      expect(centroid[0]).toBeCloseTo(expected[i]!.centroid[0], 0);
      expect(centroid[1]).toBeCloseTo(expected[i]!.centroid[1], 0);
    });
  });
});
