// Which modules an import loads, seen in a process of its own.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { workspacePath } from './reference-data.js';

/** Addresses of all modules that importing `entry` loads, from the sources of `packages/<name>`. */
export async function listLoads(name: string, entry: string): Promise<string[]> {
  const hooks = ['register', 'report-loads'].map((file) => workspacePath('tools', 'source-hooks', `${file}.mjs`));
  const flags = [...hooks.flatMap((path) => ['--import', path]), '--input-type=module'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '-e', `await import('${entry}')`], {
    cwd: workspacePath('packages', name),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return stdout.split('\n').filter((line) => line.startsWith('file:'));
}
