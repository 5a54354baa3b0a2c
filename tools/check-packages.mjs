// Publint and are-the-types-wrong over every package as npm would pack it.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
let failed = 0;
for (const name of readdirSync(join(root, 'packages')).sort()) {
  const folder = join(root, 'packages', name);
  const published = check('publint', ['run', folder, '--strict']);
  const typed = check('attw', ['--pack', folder, '--profile', 'esm-only', '--no-emoji', '--quiet']);
  process.stdout.write(`${published && typed ? 'ok    ' : 'FAILED'} @hovernet/${name}\n`);
  if (!published || !typed) failed++;
}
process.exit(failed === 0 ? 0 : 1);

function check(tool, args) {
  const result = spawnSync(join(root, 'node_modules', '.bin', tool), args, { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) process.stderr.write(`${result.stdout}${result.stderr}`);
  return result.status === 0;
}
