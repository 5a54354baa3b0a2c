// What a dry run says, and that it stops after a few windows and writes nothing.
import { createNucleusTable } from '@hovernet/core';
import { writePng } from '@hovernet/files/node';
import { segmentNuclei } from '@hovernet/postprocess';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { estimateImages, type Estimate } from '../../src/inference/dry-run.js';
import { createSeeingNetwork, createSeeingSegmenter, createSeenImage, seenWindow } from './seen-maps.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-dry-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

let runs = 0;
const segmenter = createSeeingSegmenter(
  {
    scratchFolder: folder,
    network: createSeeingNetwork(() => new Promise((resolve) => setTimeout(resolve, (runs++, 20)))),
    finder: {
      segmentTable: (maps, rules) => {
        const { instanceMap, nuclei } = segmentNuclei(maps, rules);
        return Promise.resolve({ instanceMap, table: createNucleusTable(nuclei) });
      },
    },
  },
  { batchSize: 1 },
);
const { signal } = new AbortController();

it('measures a few windows and tells of all of them', async () => {
  const path = join(folder, 'large.png');
  await writePng(path, createSeenImage(400, 500));
  const { document, summary } = await estimateImages([{ path, name: 'large' }], { segmenter, signal });
  const { images, seconds } = document as { images: readonly Estimate[]; seconds: number };
  const [{ windows, cells, mm2 }] = images as [Estimate];
  expect(windows).toBe(Math.ceil(400 / seenWindow.output) * Math.ceil(500 / seenWindow.output));
  expect(runs).toBe(3);
  expect(cells).toBe(1);
  expect(mm2).toBeCloseTo((windows * (seenWindow.output * 0.25) ** 2) / 1e6, 10);
  expect(seconds).toBeGreaterThan(0.015 * windows);
  expect(summary).toMatch(
    /^large: [\d.]+ mm² in \d+ windows and 1 cells; about .*, \d+ MB of memory, [\d.]+ MB of disk$/,
  );
  expect(readdirSync(folder)).toEqual(['large.png']);
});

it('runs small images to their end, and says what it cannot open', async () => {
  const path = join(folder, 'small.png');
  await writePng(path, createSeenImage(20, 30));
  const small = { path, name: 'small' };
  const { document } = await estimateImages([small, small], { segmenter, signal });
  expect((document as { images: readonly Estimate[] }).images.map(({ windows }) => windows)).toEqual([1, 1]);
  const missing = { path: join(folder, 'nowhere.png'), name: 'nowhere' };
  await expect(estimateImages([missing], { segmenter, signal })).rejects.toMatchObject({ code: 'MISSING_FILE' });
});
