// Runs each command of MONAI's bundle literally, `hovernet` in place of `python -m monai.bundle`, in a scratch folder, and opens what
// it leaves behind. Needs `npm run build`. --data FOLDER takes tiles of a data set in CoNSeP's layout instead of the samples, --keep leaves the
// scratch folder.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleCommands, checkCommand, serveEncoder, writeBundleProject } from './testing/dist/index.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: flags } = parseArgs({
  options: { data: { type: 'string' }, keep: { type: 'boolean' } },
});

/** One tile a phase of large ones: 49 patches each. */
const tiles = flags.data === undefined ? {} : { source: flags.data, tilesPerPhase: 1 };
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hovernet-commands-')));
const project = writeBundleProject(folder, tiles);
const bin = installCommand();
const encoder = await serveEncoder(join(folder, 'models/stage0/model.safetensors'));
project.variables.ENCODER_URL = encoder.url;
const absences = { mpirun: findMpi() };

let failed = 0;
say('result', 'seconds', 'command');
try {
  for (const command of bundleCommands) failed += await runCommand(command);
} finally {
  await encoder.close();
  if (flags.keep) process.stdout.write(`\n${folder}\n`);
  else rmSync(folder, { recursive: true });
}
process.stdout.write(`\n${bundleCommands.length} commands, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

/** Runs and checks one command, prints its row; 1 where it failed. */
async function runCommand(command) {
  const { line, needs, before } = command;
  const absence = absences[needs] ?? '';
  if (absence !== '') {
    say('skipped', '', `${line}\n  ${needs} ${absence}`);
    return 0;
  }
  const startedAt = Date.now();
  let problem = '';
  try {
    const kept = before?.(folder) ?? new Map();
    const finished = await runInShell(line, needs === 'nx' ? root : folder);
    checkCommand(command, { ...finished, startedAt, project, encoder: encoder.sent }, kept);
  } catch (error) {
    problem = error.message;
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  say(
    problem === '' ? 'ok' : 'FAILED',
    seconds,
    problem === '' ? line : `${line}\n  ${problem.replaceAll('\n', '\n  ')}`,
  );
  return problem === '' ? 0 : 1;
}

function say(result, seconds, text) {
  process.stdout.write(`${result.padEnd(8)}${seconds.padStart(7)}  ${text}\n`);
}

/** What the command printed, and how it ended. */
function runInShell(line, cwd) {
  const env = {
    ...process.env,
    ...project.variables,
    PATH: [bin, join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    // Downloads and graphs of this run are not the user's.
    HOVERNET_CACHE: join(folder, 'cache'),
    // What mpirun asks for as root, as in containers, and on fewer processors than processes.
    OMPI_ALLOW_RUN_AS_ROOT: '1',
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
    OMPI_MCA_rmaps_base_oversubscribe: '1',
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
  };
  const child = spawn('sh', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, ...output }));
  });
}

/** Puts `hovernet` where a project that has installed the package has it, for npx; gives the folder. */
function installCommand() {
  const script = join(root, 'packages/workflows/bin/hovernet.js');
  const path = join(folder, 'node_modules/.bin');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(path, 'hovernet'), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, {
    mode: 0o755,
  });
  return path;
}

function findMpi() {
  return spawnSync('mpirun', ['--version']).status === 0 ? '' : 'is not here: apt-get install openmpi-bin';
}
