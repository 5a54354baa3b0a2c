import { runReadmeExample, workspacePath } from '@hovernet/testing';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createProgram } from '../src/cli/program.js';

it('prints what the README says', async () => {
  const { printed, expected } = await runReadmeExample('workflows');
  expect(printed).toBe(expected);
});

it('lists every command', () => {
  const readme = readFileSync(workspacePath('packages/workflows/README.md'), 'utf8');
  const io = { stdout: process.stdout, stderr: process.stderr, signal: new AbortController().signal };
  for (const command of createProgram(io, () => undefined).commands) expect(readme).toContain(`\`${command.name()}`);
});
