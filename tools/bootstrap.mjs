// `npm test` and `npm run demo` on a fresh clone: installs when needed, builds, runs. `install` does the first alone. Uses nothing
// but Node and npm.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.hovernet-install');
const tasks = { install: null, test: 'run-tests.mjs', demo: 'run-demo.mjs' };

const [task, ...rest] = process.argv.slice(2);
if (!(task in tasks)) fail(`bootstrap: expected one of ${Object.keys(tasks).join(', ')}, got ${task ?? 'nothing'}`);
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) fail(`bootstrap: expected Node 20 or newer, got ${process.version}; install a newer Node`);

installWhenNeeded();
if (tasks[task]) run(process.execPath, [join('tools', tasks[task]), ...rest]);

/** Runs `npm ci` unless node_modules was made from this very package-lock.json. */
function installWhenNeeded() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing dependencies from the npm registry (npm ci) …\n');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

function run(command, args) {
  // The last one is for npm versions that do not know allowScripts: ONNX Runtime's installer would download CUDA.
  const quiet = { NX_NO_CLOUD: 'true', NX_DAEMON: 'false', NX_TUI: 'false', ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const env = { ...process.env, ...quiet };
  const windows = process.platform === 'win32';
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env, shell: windows && command === 'npm' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
