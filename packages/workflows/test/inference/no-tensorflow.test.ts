import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listLoadsOf, workspacePath } from '@hovernet/testing';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-loads-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('hovernet infer with the shipped weights loads no TensorFlow.js', { timeout: 120_000 }, async () => {
  const words = ['infer', workspacePath('samples/nucls/Test/Images/test_1.png'), '--output_dir', folder];
  const main = workspacePath('packages/workflows/src/cli/main.ts');
  const loads = await listLoadsOf(
    'workflows',
    `process.argv.push(...${JSON.stringify(words)});
     const { main } = await import('${main}');
     await main();`,
  );
  expect(loads.some((url) => url.includes('/inference/src/segment-source'))).toBe(true);
  expect(loads.filter((url) => url.includes('tensorflow'))).toEqual([]);
});
