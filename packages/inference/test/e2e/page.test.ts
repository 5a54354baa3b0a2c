// The same images in a page, bundled by Vite and run by chromium, and in Node: the same nuclei.
import { rmSync } from 'node:fs';
import { encodePng, readPng } from '@hovernet/files/node';
import { createRgbImage, type Nucleus, type RgbImage } from '@hovernet/core';
import {
  browserAbsence,
  buildPage,
  findBrowser,
  makePageRoot,
  runPage,
  workspacePath,
  type BuiltPage,
} from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSegmenter } from '../../src/node.js';

const browser = findBrowser();

/** Sides of the images: one window, and many windows of several cells. */
const sizes = { tile: [1000, 1000], large: [1400, 1300] } as const;

const code = `
import { openSegmenter } from '@hovernet/inference';
const longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ entryTypes: ['longtask'] });
const segmenter = await openSegmenter();
const images = {};
for (const name of new URLSearchParams(location.search).getAll('image')) {
  longTasks.length = 0;
  let ticks = 0;
  const clock = setInterval(() => ticks++, 10);
  const steps = [];
  const started = performance.now();
  const { nuclei, instanceMap, mpp } = await segmenter.segment(name + '.png', { onProgress: ({ done, total }) => steps.push([done, total]) });
  const ms = performance.now() - started;
  clearInterval(clock);
  await new Promise((resolve) => setTimeout(resolve, 200));
  images[name] = {
    nuclei: nuclei.map(({ type, centroid, box }) => ({ type, centroid, box })), shape: instanceMap.shape, mpp, steps, ticks, ms,
    longestTaskMs: Math.max(0, ...longTasks),
  };
}
const aborted = await segmenter.segment('tile.png', { signal: AbortSignal.abort() }).catch(({ code }) => code);
await segmenter.close();
const closed = await segmenter.segment('tile.png').catch(({ code }) => code);
export const results = { images, aborted, closed, classes: segmenter.classes.map(({ name }) => name), isolated: crossOriginIsolated };
`;

interface PageImage {
  readonly nuclei: readonly Pick<Nucleus, 'type' | 'centroid' | 'box'>[];
  readonly shape: readonly number[];
  readonly mpp: number | null;
  readonly steps: readonly (readonly [number, number])[];
  readonly ticks: number;
  readonly ms: number;
  readonly longestTaskMs: number;
}

/** The crops of the samples side by side. */
async function tileSamples([width, height]: readonly [number, number]): Promise<RgbImage> {
  const crops = await Promise.all(
    [1, 2, 3, 4, 5].map((number) => readPng(workspacePath(`samples/nucls/Test/Images/test_${number}.png`))),
  );
  const image = createRgbImage(height, width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const crop = crops[((x >> 8) + 2 * (y >> 8)) % crops.length]!;
      for (let channel = 0; channel < 3; channel++) image.set(y, x, channel, crop.get(y & 255, x & 255, channel));
    }
  }
  return image;
}

describe('a page', { timeout: 400_000 }, () => {
  let root: string;
  let page: BuiltPage;
  const images = new Map<string, RgbImage>();

  beforeAll(async () => {
    for (const [name, size] of Object.entries(sizes)) images.set(name, await tileSamples(size));
    root = makePageRoot('inference');
    page = await buildPage({
      root,
      code,
      files: Object.fromEntries(Array.from(images, ([name, image]) => [`${name}.png`, encodePng(image)])),
      conditions: ['@hovernet/source'],
    });
  }, 240_000);

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('takes nothing that only Node has, and no TensorFlow.js', () => {
    expect(page.nodeModules).toEqual([]);
    expect(page.modules.filter((id) => id.includes('@tensorflow'))).toEqual([]);
  });

  it.skipIf(browser === undefined)(`finds the nuclei that Node finds${browserAbsence(browser)}`, async () => {
    const query = `?${Object.keys(sizes)
      .map((name) => `image=${name}`)
      .join('&')}`;
    const results = (await runPage(page.folder, browser!, { query, isolated: true })) as {
      readonly images: Readonly<Record<string, PageImage>>;
      readonly aborted: string;
      readonly closed: string;
      readonly classes: readonly string[];
      readonly isolated: boolean;
    };
    expect(results).toMatchObject({ aborted: 'INTERRUPTED', closed: 'INTERRUPTED', isolated: true });
    const segmenter = await openSegmenter();
    try {
      expect(results.classes).toEqual(segmenter.classes.map(({ name }) => name));
      for (const [name, found] of Object.entries(results.images)) {
        const { nuclei, instanceMap } = await segmenter.segment(images.get(name)!);
        expect(found.shape).toEqual(instanceMap.shape);
        expect(found.steps.at(-1)![0]).toBe(found.steps.at(-1)![1]);
        expect(nuclei.length).toBeGreaterThan(100);
        process.stderr.write(
          `${name}: page ${found.ms.toFixed(0)} ms, longest task ${found.longestTaskMs.toFixed(0)} ms, ${found.nuclei.length} and ${nuclei.length} nuclei\n`,
        );
        expect(found.nuclei.map(({ type, box }) => [type, ...box])).toEqual(
          nuclei.map(({ type, box }) => [type, ...box]),
        );
        // The worker works, the page waits: nothing holds it up for a noticeable part of the time.
        expect(found.longestTaskMs).toBeLessThan(0.1 * found.ms);
      }
    } finally {
      await segmenter.close();
    }
  });
});
