// Which modules an import loads, seen in a process of its own.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspacePath } from './reference-data.js';

/** Addresses of all modules that importing `entry` loads, from the sources of `packages/<name>`. */
export function listLoads(name: string, entry: string): Promise<string[]> {
  return listLoadsOf(name, `await import('${entry}')`);
}

/** Addresses of all modules that running the module `code` loads, from the sources of `packages/<name>`. */
export async function listLoadsOf(name: string, code: string): Promise<string[]> {
  const hooks = ['register', 'report-loads'].map((file) => workspacePath('tools', 'source-hooks', `${file}.mjs`));
  const folder = workspacePath('packages', name, 'out');
  const file = join(folder, `loads-${randomUUID()}.mjs`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, code);
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...hooks.flatMap((path) => ['--import', path]), file],
      {
        cwd: workspacePath('packages', name),
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      },
    );
    return stdout.split('\n').filter((line) => line.startsWith('file:'));
  } finally {
    rmSync(file, { force: true });
  }
}
