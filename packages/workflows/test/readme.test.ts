import { readFileSync } from 'node:fs';
import { format } from 'node:util';
import { expect, it } from 'vitest';
import * as workflows from '../src/index.js';
import { createProgram } from '../src/cli/program.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readme)![1]!;
}

it('prints what the README says', async () => {
  const example = block('js').replace(/^import (.*) from (.*);$/gm, 'const $1 = modules[$2];');
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(format(...values));
  const AsyncFunction = (async () => {}).constructor as new (
    ...source: string[]
  ) => (...values: unknown[]) => Promise<void>;
  await new AsyncFunction('modules', 'console', example)({ '@hovernet/workflows': workflows }, { log });
  expect(lines.join('\n')).toBe(block('text').trimEnd());
});

it('lists every command', () => {
  const io = { stdout: process.stdout, stderr: process.stderr, signal: new AbortController().signal };
  for (const command of createProgram(io, () => undefined).commands) expect(readme).toContain(`\`${command.name()}`);
});
