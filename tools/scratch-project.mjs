// An empty project with the packages as npm would publish them: packed, then installed from the registry. With `isLinked`, or where
// the registry cannot be reached, third-party packages are links to this workspace's.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const say = (line) => process.stdout.write(`${line}\n`);

/** Packs `ownPackages` with what they depend on, and installs them with `others` into `folder`. */
export function installPacked(folder, { ownPackages, others = [], isLinked = false }) {
  const packages = findDependencies(readManifests(), ownPackages);
  installPackages(folder, { packages, tarballs: packPackages(folder, packages), others, isLinked });
}

/** Manifests of this workspace's packages by name, with their folders. */
function readManifests() {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  const manifests = folders.map((folder) => ({ folder, ...readJson(join(folder, 'package.json')) }));
  return new Map(manifests.map((manifest) => [manifest.name, manifest]));
}

/** `names` and every package of this workspace that they depend on. */
function findDependencies(manifests, names) {
  const found = new Map();
  const visit = (name) => {
    const manifest = manifests.get(name);
    if (!manifest || found.has(name)) return;
    found.set(name, manifest);
    Object.keys(manifest.dependencies ?? {}).forEach(visit);
  };
  names.forEach(visit);
  return found;
}

/** Tarballs by package name. */
function packPackages(folder, packages) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const sources = [...packages.values()].map((manifest) => manifest.folder);
  const packed = Object.values(JSON.parse(run('npm', [...args, ...sources], root)));
  for (const { name, size, files } of packed) {
    if (!files.some(({ path }) => path === 'dist/index.js')) throw new Error(`${name}: expected dist; npm run build`);
    say(`${name}: ${files.length} files, ${Math.round(size / 1000)} kB packed`);
  }
  return new Map(packed.map(({ name, filename }) => [name, `file:${join(folder, filename)}`]));
}

function installPackages(folder, { packages, tarballs, others, isLinked }) {
  const manifest = readJson(join(root, 'package.json'));
  const peers = [...packages.values()].flatMap(({ dependencies, optionalDependencies, peerDependencies }) =>
    Object.keys({ ...dependencies, ...optionalDependencies, ...(isLinked && peerDependencies) }),
  );
  const linked = peers.filter((name) => !packages.has(name) && !isOptionalPeer(packages, name));
  const outside = new Set([...others, ...(isLinked ? linked : [])]);
  const version = (name) => {
    const installed = join(root, 'node_modules', name);
    return isLinked ? `file:${installed}` : readJson(join(installed, 'package.json')).version;
  };
  const dependencies = {
    ...Object.fromEntries(tarballs),
    ...Object.fromEntries([...outside].map((name) => [name, version(name)])),
  };
  writeJson(join(folder, 'package.json'), {
    private: true,
    type: 'module',
    allowScripts: manifest.allowScripts,
    dependencies,
  });
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  try {
    run('npm', args, folder);
  } catch (error) {
    if (isLinked || !/ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|network/.test(error.message)) throw error;
    say('the registry cannot be reached: third-party packages are links');
    installPackages(folder, { packages, tarballs, others, isLinked: true });
    return;
  }
  say(`installed ${Object.keys(dependencies).length} packages${isLinked ? ', third-party ones as links' : ''}`);
}

function isOptionalPeer(packages, name) {
  return [...packages.values()].some((manifest) => manifest.peerDependenciesMeta?.[name]?.optional);
}

/** What `command` prints. @throws Error with the end of its output where it fails */
export function run(command, args, cwd) {
  const shell = process.platform === 'win32' && command === 'npm';
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26, shell });
  if (result.status === 0) return result.stdout;
  throw new Error(`${command} ${args[0]}: ${result.stdout.slice(-4000)}${result.stderr.slice(-4000)}`);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function writeJson(path, value) {
  writeFileSync(path, JSON.stringify(value, null, 2));
}
