// Memory of large images. HOVERNET_LARGE_PX=20000 segments one of that side as well: minutes, and some GB of disk.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { LargeRun } from './segment-large.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-large-'));
afterAll(() => rmSync(folder, { recursive: true }));

const script = fileURLToPath(new URL('./segment-large.mjs', import.meta.url));
const hooks = new URL('../../../../tools/source-hooks/register.mjs', import.meta.url).href;
const largePx = Number(process.env['HOVERNET_LARGE_PX'] ?? 0);

/** Segments images of these sides in a process of its own; a block of 0 is the whole image. */
function run(blockPx: number, ...sidesPx: number[]): [LargeRun, LargeRun] {
  const words = ['--expose-gc', '--import', hooks, script, folder, String(blockPx), ...sidesPx.map(String)];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as [LargeRun, LargeRun];
}

it('takes memory for its blocks, whatever the size of the image', () => {
  const [small, large] = run(256, 512, 1280);
  expect(large.nuclei).toBeGreaterThan(5 * small.nuclei);
  // Six times the pixels: their raw maps alone, of seven channels, would take 37 MiB more.
  expect(large.liveMb - small.liveMb).toBeLessThan(15);
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

it.skipIf(largePx === 0)('does so for really large ones, and not without blocks', { timeout: 3_600_000 }, () => {
  const [smallWhole, largeWhole] = run(0, 512, 1280);
  expect(largeWhole.liveMb - smallWhole.liveMb).toBeGreaterThan(30);
  const [small, large] = run(1024, 2048, largePx);
  process.stderr.write(`2048 px: ${JSON.stringify(small)}; ${largePx} px: ${JSON.stringify(large)}\n`);
  expect(large.liveMb - small.liveMb).toBeLessThan(100);
});
