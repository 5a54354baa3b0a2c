// The README's two examples side by side on one crop: the one for pages, bundled by Vite and run by chromium, the other in Node.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildPage,
  findBrowser,
  readReadmeBlock,
  runPage,
  runReadmeExample,
  workspacePath,
  type BuiltPage,
} from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface FoundNucleus {
  readonly type: number;
  readonly centroid: readonly [number, number];
}

const browser = findBrowser();
const title = browser === undefined ? ' (not here: no chromium; apt-get install chromium)' : '';
const crop = 'samples/nucls/Test/Images/test_1.png';

const sent = `
export const results = { nuclei: nuclei.map(({ type, centroid }) => ({ type, centroid })) };
`;

describe('a page of the README', { timeout: 180_000 }, () => {
  let root: string;
  let page: BuiltPage;

  beforeAll(async () => {
    // Below the package, so that packages are found.
    const parent = workspacePath('packages', 'weights-lite-consep', 'out');
    mkdirSync(parent, { recursive: true });
    root = mkdtempSync(join(parent, 'page-'));
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
