// The demo: trains a small network on the tissue in samples/, scores it and segments a crop; told step by step.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
const started = performance.now();

step('Training a small HoVer-Net on 10 crops of breast tissue (samples/nucls)', ['train']);
step('Scoring it on 5 crops that it has not seen', ['evaluate']);
step('Segmenting one of them', ['infer', '--dataset_dir', 'samples/nucls/Test/Images/test_1.png']);

const { mean, type } = JSON.parse(readFileSync(join(root, 'runs/demo/eval/evaluation.json'), 'utf8'));
const percent = (value) => (100 * value).toFixed(1);
process.stdout.write(`
Dice ${percent(mean.dice)}  PQ ${percent(mean.pq)}  F1d ${percent(type.f1d)}  (per cent, 5 test crops)

overlay   runs/demo/eval/test_1_overlay.png   outlines coloured by type
nuclei    runs/demo/eval/test_1.json
curve     runs/demo/eval/loss.svg
weights   runs/demo/models/model.safetensors
time      ${((performance.now() - started) / 60000).toFixed(1)} minutes
`);

function step(title, [target, ...args]) {
  process.stdout.write(`\n${title}\n`);
  const { status } = spawnSync(process.execPath, [nx, 'run', `workflows:${target}`, '--output-style=stream', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
