// Runs a block of JavaScript or TypeScript as a module that imports the packages by name.
import { workspacePath } from '@hovernet/testing';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';

/** What the block printed, a line for each call of console.log. */
export async function runScript(code: string): Promise<string> {
  const folder = workspacePath('packages/workflows/out');
  const file = `${folder}/docs-script-${randomUUID()}.ts`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, code);
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => void lines.push(format(...values));
  try {
    await import(/* @vite-ignore */ file);
    return lines.join('\n');
  } finally {
    console.log = log;
    rmSync(file, { force: true });
  }
}
