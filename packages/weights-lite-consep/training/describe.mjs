// Writes into a weight file what its users should know: what the training images look like, and the post-processing that suits it.
// Usage: node describe.mjs WEIGHTS FOLDER_OF_TILES OUT [OPTION=VALUE …]   (the folder has Images and Labels as CoNSeP's Train)
// Example: node describe.mjs model.safetensors CoNSeP/Train model.safetensors normalization=fixed markerThreshold=0.43
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMat, readPng } from '@hovernet/files/node';
import { encodeCheckpoint } from '@hovernet/model';
import { loadWeights } from '@hovernet/model/node';
import { createDensityMeter } from '@hovernet/transforms';

const [path, folder, out, ...options] = process.argv.slice(2);
if (!out) {
  process.stderr.write('usage: node describe.mjs WEIGHTS FOLDER_OF_TILES OUT [OPTION=VALUE …]\n');
  process.exit(1);
}

const meter = createDensityMeter();
const sizes = [];
for (const name of await readdir(join(folder, 'Images'))) {
  meter.add(await readPng(join(folder, 'Images', name)));
  const labels = await readMat(join(folder, 'Labels', name.replace(/\.png$/, '.mat')));
  sizes.push(...measureSizes(labels.get('inst_map')));
}
sizes.sort((a, b) => a - b);
const appearance = {
  density: meter.mean().map((density) => Number(density.toFixed(4))),
  nucleusPx: Number(sizes[Math.floor(sizes.length / 2)].toFixed(2)),
};
const postprocess = Object.fromEntries(
  options.map((option) => option.split('=')).map(([name, text]) => [name, parse(text)]),
);
const weights = await loadWeights(path);
const described = { ...weights, metadata: {}, extras: new Map(), appearance, postprocess };
await writeFile(out, encodeCheckpoint(weights.state, { ...described, precision: 'float16' }));
process.stdout.write(`${out}: ${JSON.stringify({ appearance, postprocess })}\n`);

/** √(width × height) of the box of each nucleus of a label map. */
function measureSizes({ shape, data }) {
  const [, width] = shape;
  const boxes = new Map();
  data.forEach((label, i) => {
    if (label === 0) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    const box = boxes.get(label) ?? [x, y, x, y];
    boxes.set(label, [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)]);
  });
  return [...boxes.values()].map(([x0, y0, x1, y1]) => Math.sqrt((x1 - x0 + 1) * (y1 - y0 + 1)));
}

function parse(text) {
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}
