// The demo: segments a crop with the shipped weights, then trains on other tissue with and without them; prints each step.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
const crop = 'samples/nucls/Test/Images/test_1.png';
const nothing = ['--network_def#start_weights', 'None', '--bundle_root', 'runs/demo/nothing'];
const started = performance.now();

step('Segmenting a crop of breast tissue with the shipped weights, which were trained on colon', [
  ...['infer:full', '--infer#inputs', crop],
  ...['--weights', 'lite-consep', '--output_dir', 'runs/demo/first'],
]);
step('Fine-tuning them on 10 crops of breast tissue (samples/nucls) with two types', ['train']);
step('Training the same network from scratch on the same crops, for the same time', ['train', ...nothing]);
step('Scoring the fine-tuned network on 5 unseen crops', ['evaluate']);
step('Scoring the network trained from scratch', ['evaluate', ...nothing]);
step('Segmenting the first crop again', ['infer', '--dataset_dir', crop]);

process.stdout.write(`
                         Dice   PQ     F1d   (per cent, 5 test crops)
from shipped weights     ${scores('runs/demo/eval')}
from scratch             ${scores('runs/demo/nothing/eval')}

overlays  runs/demo/first/test_1_overlay.png   before, outlines coloured by type
          runs/demo/eval/test_1_overlay.png    after
nuclei    runs/demo/eval/test_1.json
curve     runs/demo/eval/stage0/loss.svg
weights   runs/demo/models/model.safetensors
time      ${((performance.now() - started) / 60000).toFixed(1)} minutes
`);

function scores(folder) {
  const { mean, type } = JSON.parse(readFileSync(join(root, folder, 'evaluation.json'), 'utf8'));
  return [mean.dice, mean.pq, type.f1d].map((value) => (100 * value).toFixed(1).padEnd(6)).join(' ');
}

function step(title, [target, ...args]) {
  process.stdout.write(`\n${title}\n`);
  const { status } = spawnSync(process.execPath, [nx, 'run', `workflows:${target}`, '--output-style=stream', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
