// The front door as a newcomer finds it: a new folder, `npm init -y`, the packed packages, five lines. They find the nuclei of a 1000×1000
// and of a 3000×2500 PNG in bounded memory, and the same five lines in a page bundled by Vite find the same nuclei.
// Needs `npm run build`. `--link`: third-party packages are links to this workspace's.
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPacked, run } from './scratch-project.mjs';
import { buildPage, findBrowser, runPage } from './testing/dist/index.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (line) => process.stdout.write(`${line}\n`);

const sizes = { tile: [1000, 1000], large: [3000, 2500] };

/** Most memory that the process of the larger image may take: Node, the network and one cell; 30 bytes a pixel of the image. */
const memoryMb = 1600;

/** The README's five lines, on the image `NAME.png`. */
const fiveLines = (name) => `import { openSegmenter } from '@hovernet/inference';
const segmenter = await openSegmenter();
const { nuclei } = await segmenter.segment('${name}.png');
console.log(nuclei.length, 'nuclei');
await segmenter.close();
`;

const makeImages = `import { readPng, writePng } from '@hovernet/files/node';
import { createRgbImage } from '@hovernet/core';
const crops = await Promise.all([1, 2, 3, 4, 5].map((n) => readPng(process.argv[2] + '/test_' + n + '.png')));
for (const [name, [width, height]] of Object.entries(${JSON.stringify(sizes)})) {
  const image = createRgbImage(height, width);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const from = 3 * (256 * (y & 255) + (x & 255));
      image.data.set(crops[((x >> 8) + 2 * (y >> 8)) % crops.length].data.subarray(from, from + 3), to);
    }
  }
  await writePng(name + '.png', image);
}
`;

const plainNuclei = 'nuclei.map(({ type, box }) => [type, ...box])';

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'hovernet-front-door-')));
try {
  run('npm', ['init', '-y'], scratch);
  installPacked(scratch, {
    ownPackages: ['@hovernet/inference'],
    others: ['onnxruntime-web'],
    isLinked: process.argv.includes('--link'),
  });
  writeFileSync(join(scratch, 'make-images.mjs'), makeImages);
  run(process.execPath, ['make-images.mjs', join(root, 'samples', 'nucls', 'Test', 'Images')], scratch);
  const found = {};
  for (const name of Object.keys(sizes)) found[name] = runInNode(name);
  await runInPage(found);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** The nuclei that the five lines find, in a process of its own whose memory is looked at. */
function runInNode(name) {
  const report = `import { writeFileSync } from 'node:fs';
writeFileSync('${name}.json', JSON.stringify({ nuclei: ${plainNuclei}, memoryMb: process.resourceUsage().maxRSS / 1024 }));
`;
  writeFileSync(join(scratch, `${name}.mjs`), fiveLines(name) + report);
  const started = performance.now();
  const printed = run(process.execPath, [`${name}.mjs`], scratch).trim();
  const seconds = (performance.now() - started) / 1000;
  const { nuclei, memoryMb: peakMb } = JSON.parse(readFileSync(join(scratch, `${name}.json`), 'utf8'));
  say(`Node: ${sizes[name].join('×')}: ${printed}, ${seconds.toFixed(1)} s, ${Math.round(peakMb)} MB`);
  if (!(nuclei.length > 100)) throw new Error(`${name}: expected more than 100 nuclei, got ${nuclei.length}`);
  if (peakMb > memoryMb) throw new Error(`${name}: expected at most ${memoryMb} MB, got ${Math.round(peakMb)}`);
  return JSON.stringify(nuclei);
}

async function runInPage(found) {
  const names = Object.keys(sizes);
  const files = Object.fromEntries(names.map((name) => [`${name}.png`, readFileSync(join(scratch, `${name}.png`))]));
  const code = `import { openSegmenter } from '@hovernet/inference';
const segmenter = await openSegmenter();
const found = {};
for (const name of ${JSON.stringify(names)}) {
  const { nuclei } = await segmenter.segment(name + '.png');
  found[name] = ${plainNuclei};
}
await segmenter.close();
export const results = found;
`;
  const page = await buildPage({ root: join(scratch, 'page'), code, files });
  if (page.nodeModules.length > 0) throw new Error(`the page imports ${page.nodeModules.join(', ')}`);
  const browser = findBrowser();
  if (browser === undefined) return say('no browser here (apt-get install chromium): the page is built, not run');
  const inPage = await runPage(page.folder, browser, { isolated: true });
  for (const name of names) {
    if (JSON.stringify(inPage[name]) !== found[name]) throw new Error(`page: ${name}: expected the nuclei of Node`);
    say(`page: ${sizes[name].join('×')}: the ${inPage[name].length} nuclei of Node`);
  }
}
