// Publint and are-the-types-wrong over every package as npm would pack it.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
let failed = 0;
for (const name of readdirSync(join(root, 'packages')).sort()) {
  const folder = join(root, 'packages', name);
  const published = check('publint', ['run', folder, '--strict']);
  const typed = check('attw', [
    '--pack',
    folder,
    '--profile',
    'esm-only',
    '--no-emoji',
    '--quiet',
    ...excludeData(folder),
  ]);
  process.stdout.write(`${published && typed ? 'ok    ' : 'FAILED'} @hovernet/${name}\n`);
  if (!published || !typed) failed++;
}
process.exit(failed === 0 ? 0 : 1);

/** Weight files are exported for bundlers that know them as assets; they have no types. */
function excludeData(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const data = Object.keys(exports).filter((entry) => /\.(safetensors|onnx)$/.test(entry));
  return data.length > 0 ? ['--exclude-entrypoints', ...data.map((entry) => entry.slice(2))] : [];
}

function check(tool, args) {
  const result = spawnSync(join(root, 'node_modules', '.bin', tool), args, { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) process.stderr.write(`${result.stdout}${result.stderr}`);
  return result.status === 0;
}
