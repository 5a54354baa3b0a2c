import { readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { workspacePath } from '@hovernet/testing';
import { format } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';

const folder = workspacePath('packages/model/out');
const file = `${folder}/readme-example.ts`;

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(file, { force: true });
});

it('shows an example that runs and prints what it says', async () => {
  const readme = readFileSync(workspacePath('packages/model/README.md'), 'utf8');
  const [, code, output] = /```ts\n([^`]+)```\n\n```text\n([^`]+)```/.exec(readme)!;
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void lines.push(`${format(...values)}\n`));
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, code!);
  await import(/* @vite-ignore */ file);
  expect(lines.join('')).toBe(output);
});
