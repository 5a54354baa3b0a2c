// The README's two examples side by side: the one for pages bundled by Vite and run by chromium, the other in Node.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  browserAbsence,
  buildPage,
  findBrowser,
  makePageRoot,
  readReadmeBlock,
  runPage,
  runReadmeExample,
  type BuiltPage,
} from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readmeFiles } from '../support/readme-files.js';

type Maps = Record<'np' | 'hv' | 'nc', { readonly shape: readonly number[]; readonly data: Float32Array | number[] }>;

const browser = findBrowser();
const title = browserAbsence(browser);
const files = readmeFiles();

const sent = `
const plain = ({ shape, data }) => ({ shape, data: [...data] });
export const results = { engine: engine.name, np: plain(np), hv: plain(hv), nc: plain(nc) };
`;

describe('a page of the README', { timeout: 180_000 }, () => {
  let root: string;
  let page: BuiltPage;

  beforeAll(async () => {
    root = makePageRoot('model');
    page = await buildPage({
      root,
      code: readReadmeBlock('model', 'js') + sent,
      files,
      conditions: ['@hovernet/source'],
    });
  }, 120_000);

  afterAll(() => rmSync(root, { recursive: true }));

  it('takes nothing that only Node has', () => {
    expect(page.nodeModules).toEqual([]);
    expect(page.scriptBytes).toBeGreaterThan(1e6);
  });

  it.skipIf(browser === undefined)(`gives the maps that Node gives${title}`, async () => {
    const replace: Record<string, string> = {};
    for (const [name, bytes] of Object.entries(files)) {
      replace[name] = join(root, name);
      writeFileSync(replace[name], bytes);
    }
    const { values } = await runReadmeExample('model', { replace, names: ['np', 'hv', 'nc'] });
    const results = (await runPage(page.folder, browser!)) as Maps & { readonly engine: string };
    expect(results.engine).toBe('tfjs-wasm');
    for (const name of ['np', 'hv', 'nc'] as const) {
      const expected = (values as Maps)[name];
      expect(results[name].shape).toEqual(expected.shape);
      // Sums in another order: float32 keeps seven digits, of which a network of this depth loses two.
      expect(largestDifference(results[name].data, expected.data)).toBeLessThan(1e-5 * largest(expected.data));
    }
  });
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

function largest(values: ArrayLike<number>): number {
  let result = 0;
  for (let i = 0; i < values.length; i++) result = Math.max(result, Math.abs(values[i]!));
  return result;
}
