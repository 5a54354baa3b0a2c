// Compares what two built checkouts of this repository write, byte by byte: infer, evaluate and train on the samples, same options.
// Usage: node tools/compare-builds.mjs FORMER [PRESENT]   (folders; PRESENT is this checkout by default; `npm run build` in both first)
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const [former, present = here] = process.argv.slice(2).map((folder) => resolve(folder));
if (!former) {
  process.stderr.write(
    'compare-builds: expected the folder of the former build; usage: compare-builds.mjs FORMER [PRESENT]\n',
  );
  process.exit(1);
}

/** A copy under another name: both builds trace it, where the present one would run the shipped ONNX model in its place. */
const weights = '../weights.safetensors';
const samples = join(here, 'samples', 'nucls');
const outputs = ['--infer#outputs', "['nifti','npy','png','colors','json','overlay','raw']"];
const window = ['--window_size', '256'];
/** Runs by name. Where only `present` knows a flag, it stands in `more`: the resolution was the taxonomy's before it was the image's. */
const runs = [
  {
    name: 'infer',
    words: [
      'infer',
      '--dataset_dir',
      join(samples, 'Test', 'Images'),
      '--output_dir',
      'infer',
      '--weights',
      weights,
      ...window,
      ...outputs,
    ],
    more: ['--mpp', '0.25'],
  },
  {
    name: 'infer in blocks',
    words: [
      'infer',
      '--dataset_dir',
      join(samples, 'Train', 'Images'),
      '--output_dir',
      'blocks',
      '--weights',
      weights,
      ...window,
      '--infer#block_size',
      '100',
      ...outputs,
    ],
    more: ['--mpp', '0.25'],
  },
  {
    name: 'prepare',
    words: ['prepare', '--config_file', 'configs/demo.json', '--root', samples, '--out', 'Prepared'],
    more: [],
  },
  {
    name: 'evaluate',
    words: [
      'evaluate',
      '--config_file',
      'configs/demo.json',
      '--dataset_dir',
      'Prepared',
      '--taxonomy',
      'consep',
      '--weights',
      weights,
      '--output_dir',
      'evaluate',
      ...window,
    ],
    more: [],
  },
  {
    name: 'train',
    words: [
      'train',
      '--config_file',
      'configs/demo.json',
      '--dataset_dir',
      'Prepared',
      '--train#trainer#max_steps',
      '4',
      '--ckpt_dir',
      'models',
      '--output_dir',
      'train',
    ],
    more: [],
  },
];
/** Differ by nature: configurations hold new ids and a hash of all, logs hold seconds. */
const passedOver = /_config\.json$|train_log\.jsonl$|\.svg$|tfevents/;

const folder = mkdtempSync(join(tmpdir(), 'hovernet-compare-'));
let differing = 0;
try {
  copyFileSync(join(here, 'packages', 'weights-lite-consep', 'model.safetensors'), join(folder, 'weights.safetensors'));
  for (const { name, words, more } of runs) {
    run(former, 'former', words);
    run(present, 'present', [...words, ...more]);
    process.stdout.write(`${name}: done in both\n`);
  }
  const [before, after] = ['former', 'present'].map((side) => listFiles(join(folder, side)));
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(path) === after.get(path)) continue;
    process.stdout.write(`differs: ${path}\n`);
    differing++;
  }
  process.stdout.write(`${before.size} files compared, ${differing} differ\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(differing === 0 ? 0 : 1);

function run(checkout, side, words) {
  const cwd = join(folder, side);
  const program = join(checkout, 'packages', 'workflows', 'bin', 'hovernet.js');
  const child = spawnSync(
    'sh',
    ['-c', 'mkdir -p "$0" && cd "$0" && exec "$@"', cwd, process.execPath, program, ...words],
    { encoding: 'utf8' },
  );
  if (child.status === 0) return;
  process.stderr.write(`${side}: hovernet ${words.join(' ')}\n${child.stdout}${child.stderr}`);
  process.exitCode = 1;
  throw new Error(`compare-builds: hovernet ${words[0]} failed with ${child.status}`);
}

/** SHA-256 of each file that must be equal, by its path. */
function listFiles(root) {
  const files = readdirSync(root, { recursive: true }).map((name) => join(root, name));
  return new Map(
    files
      .filter((path) => statSync(path).isFile() && !passedOver.test(path))
      .map((path) => [relative(root, path), createHash('sha256').update(readContent(path)).digest('hex')]),
  );
}

/** The hash of the configuration is part of an evaluation. */
function readContent(path) {
  const bytes = readFileSync(path);
  return path.endsWith('evaluation.json') ? bytes.toString('utf8').replace(/"config_hash": "[^"]*"/, '') : bytes;
}
