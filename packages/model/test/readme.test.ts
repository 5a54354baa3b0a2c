import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runReadmeExample } from '@hovernet/testing';
import { afterAll, expect, it } from 'vitest';
import { readmeFiles } from './support/readme-files.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('prints what the README says', async () => {
  const replace: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(readmeFiles())) {
    replace[name] = join(folder, name);
    writeFileSync(replace[name], bytes);
  }
  const { printed, expected } = await runReadmeExample('model', { replace });
  expect(printed).toBe(expected);
});
