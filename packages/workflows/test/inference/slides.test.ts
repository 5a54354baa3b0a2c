// Slides: the same bytes however they are computed, and after any interruption. HOVERNET_KILLS=20 kills as many processes.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  copyFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@hovernet/core';
import { afterAll, describe, expect, it } from 'vitest';
import { hashFolder, segmentPyramid, writePyramid } from './segment-pyramid.js';

const root = mkdtempSync(join(tmpdir(), 'hovernet-slides-'));
afterAll(() => rmSync(root, { recursive: true }));
const slide = join(root, 'slide.tif');
await writePyramid(slide);
const whole = join(root, 'whole');
const cells = 9;
const nuclei = await segmentPyramid(slide, whole);
const expected = hashFolder(whole);

const script = fileURLToPath(new URL('./segment-pyramid.mjs', import.meta.url));
const hooks = new URL('../../../../tools/source-hooks/register.mjs', import.meta.url).href;
const kills = Number(process.env['HOVERNET_KILLS'] ?? 2);

/** Runs a process on the slide; kills it `killAfterMs` after it began. */
function run(folder: string, log: string, killAfterMs?: number): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', hooks, script, slide, folder, log], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.on('data', () => killAfterMs !== undefined && setTimeout(() => child.kill('SIGKILL'), killAfterMs));
    child.on('exit', resolve);
  });
}

describe('a slide', () => {
  it('leaves its files and nothing else', () => {
    expect(nuclei).toBeGreaterThan(100);
    expect(Object.keys(expected)).toEqual([
      'slide.json',
      'slide_instance_map.nii.gz',
      'slide_overlay.png',
      'slide_type_map.nii.gz',
    ]);
  });

  it.each([
    [1, 1, undefined],
    [2, 3, 0],
    [2, 1, 2 ** 30],
  ])(
    'has the same bytes with %i workers, batches of %i and %s pixels in memory',
    async (workers, batchSize, memoryPx) => {
      const folder = join(root, `workers-${workers}-${batchSize}`);
      await segmentPyramid(slide, folder, { workers, batchSize, ...(memoryPx !== undefined && { memoryPx }) });
      expect(hashFolder(folder)).toEqual(expected);
    },
  );

  it.each([[[15]], [[5, 20, 10]], [[30, 8]]])(
    'has the same bytes whichever cells are computed together: interrupted after %j windows',
    async (parts) => {
      const folder = join(root, `parts-${parts.join('-')}`);
      for (const windows of parts)
        await expect(segmentPyramid(slide, folder, { windows, batchSize: 1 })).rejects.toMatchObject({
          code: 'INTERRUPTED',
        });
      await segmentPyramid(slide, folder);
      expect(hashFolder(folder)).toEqual(expected);
    },
  );

  it(
    'has the same bytes after kill −9 at any moment, and computes a cell twice at most for each',
    { timeout: 600_000 },
    async () => {
      const [folder, log] = [join(root, 'killed'), join(root, 'killed.log')];
      const random = createRandom(17);
      const started = performance.now();
      expect(await run(join(root, 'unharmed'), join(root, 'unharmed.log'))).toBe(0);
      const duration = performance.now() - started;
      let killed = 0;
      for (let i = 0; i < kills; i++) if ((await run(folder, log, random.uniform(0, duration / 2))) === null) killed++;
      expect(await run(folder, log)).toBe(0);
      expect(hashFolder(folder)).toEqual(expected);
      const computed = readFileSync(log, 'utf8').trim().split('\n').length;
      // A run that is not killed in time ends, and the next begins anew.
      expect(computed).toBeLessThanOrEqual(cells * (1 + kills - killed) + killed);
    },
  );
});

describe('what goes wrong is one sentence', () => {
  it('for a truncated slide', async () => {
    const cut = join(root, 'cut.tif');
    copyFileSync(slide, cut);
    truncateSync(cut, 30_000);
    await expect(segmentPyramid(cut, join(root, 'cut'))).rejects.toThrow(/^.*cut\.tif: [^\n]+$/);
  });

  it('for a folder that cannot be written, and nothing is lost', async () => {
    const folder = join(root, 'gone');
    await expect(segmentPyramid(slide, folder, { windows: 20, batchSize: 1 })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    const journal = join(folder, 'slide.journal');
    expect(existsSync(join(journal, 'job.json'))).toBe(true);
    rmSync(folder, { recursive: true });
    appendFileSync(folder, 'a file in its place');
    await expect(segmentPyramid(slide, folder)).rejects.toThrow(/gone/);
    rmSync(folder);
    mkdirSync(folder);
    await segmentPyramid(slide, folder);
    expect(hashFolder(folder)).toEqual(expected);
  });
});
