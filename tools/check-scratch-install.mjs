// Installs the packages as npm would publish them into an empty project, and runs the README's two examples of @hovernet/model
// there: in Node, and in a page bundled by Vite, whose maps must be Node's; then the two of the shipped weights, which must find
// the same nuclei. Needs `npm run build`. With --link, or where the registry cannot be reached, third-party packages are links
// to this workspace's.
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPacked, run } from './scratch-project.mjs';
import { buildPage, findBrowser, readReadmeBlock, runPage, softwareWebGpuFlags } from './testing/dist/index.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the examples import, what a page's backends need, and the types of what they import. */
const ownPackages = ['model', 'onnx', 'ops', 'data', 'postprocess', 'weights-lite-consep'].map(
  (name) => `@hovernet/${name}`,
);
const otherPackages = ['pngjs', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-webgpu'];
const typePackages = ['@types/node', '@types/pngjs'];

/** Largest difference of two maps relative to the largest value: sums in another order. */
const tolerance = 1e-5;

const crop = 'samples/nucls/Test/Images/test_1.png';
const plainNuclei = 'nuclei.map(({ type }) => type)';

const mapNames = ['np', 'hv', 'nc'];
const plainMaps = `Object.fromEntries(Object.entries({ np, hv, nc })
  .map(([name, { shape, data }]) => [name, { shape, data: [...data] }]))`;

/** Weights and an image for the examples, made by the installed packages. */
const makeFiles = `import { writeFileSync } from 'node:fs';
import { createRandom } from '@hovernet/core';
import { encodeCheckpoint, initializeWeights, resolveConfig } from '@hovernet/model';
import { PNG } from 'pngjs';

const config = resolveConfig({ preset: 'tiny', outClasses: 5 });
writeFileSync('hovernet.safetensors', encodeCheckpoint(initializeWeights(config, createRandom(1)), { config }));
const png = new PNG({ width: 96, height: 96 });
const random = createRandom(2);
for (let i = 0; i < png.data.length; i++) png.data[i] = i % 4 === 3 ? 255 : random.integer(256);
writeFileSync('tile.png', PNG.sync.write(png));
`;

const say = (line) => process.stdout.write(`${line}\n`);

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'hovernet-scratch-')));
try {
  installPacked(scratch, {
    ownPackages,
    others: [...otherPackages, ...typePackages],
    isLinked: process.argv.includes('--link'),
  });
  checkTypes();
  const expected = runInNode();
  const found = segmentCrop();
  await runInPages(expected);
  await segmentInPage(found);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** The examples as TypeScript sees them in a project of its own; the page's is JavaScript. */
function checkTypes() {
  writeFileSync(join(scratch, 'node-example.ts'), readReadmeBlock('model', 'ts'));
  writeFileSync(join(scratch, 'page-example.js'), readReadmeBlock('model', 'js'));
  writeFileSync(join(scratch, 'weights-example.ts'), readReadmeBlock('weights-lite-consep', 'ts'));
  const common = { noEmit: true, target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'], skipLibCheck: true };
  const node = { ...common, strict: true, module: 'nodenext', types: ['node'] };
  const page = { ...common, strict: false, checkJs: true, module: 'esnext', moduleResolution: 'bundler', types: [] };
  for (const [file, compilerOptions] of [
    ['node-example.ts', node],
    ['weights-example.ts', node],
    ['page-example.js', page],
  ]) {
    writeJson('tsconfig.json', { compilerOptions, files: [file] });
    run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', scratch], scratch);
  }
  say('the examples have the types that TypeScript expects');
}

/** Makes what the examples read, by the installed packages; then runs the one for Node. */
function runInNode() {
  writeFileSync(join(scratch, 'make-files.mjs'), makeFiles);
  run(process.execPath, ['make-files.mjs'], scratch);
  const sent = `process.stdout.write(JSON.stringify(${plainMaps}));\n`;
  writeFileSync(join(scratch, 'example.mjs'), readReadmeBlock('model', 'ts') + sent);
  const lines = run(process.execPath, ['example.mjs'], scratch).split('\n');
  const printed = lines.slice(0, -1).join('\n');
  if (printed !== readReadmeBlock('model', 'text').trimEnd()) throw new Error(`Node: the example printed ${printed}`);
  say(`Node: ${printed}`);
  return JSON.parse(lines.at(-1));
}

/** The shipped weights on a crop of tissue in Node; types of the nuclei. */
function segmentCrop() {
  const code = readReadmeBlock('weights-lite-consep', 'ts').replace(crop, join(root, crop));
  const sent = `process.stdout.write(JSON.stringify(${plainNuclei}));\n`;
  writeFileSync(join(scratch, 'segment.mjs'), code + sent);
  const lines = run(process.execPath, ['segment.mjs'], scratch).split('\n');
  const printed = lines.slice(0, -1).join('\n');
  if (printed !== readReadmeBlock('weights-lite-consep', 'text').trimEnd()) {
    throw new Error(`Node: the example of the weights printed ${printed}`);
  }
  say(`Node: ${printed}`);
  return lines.at(-1);
}

/** The shipped weights on the same crop in a page. */
async function segmentInPage(found) {
  const files = { 'tile.png': readFileSync(join(root, crop)) };
  const code = `${readReadmeBlock('weights-lite-consep', 'js')}export const results = ${plainNuclei};\n`;
  const page = await buildPage({ root: join(scratch, 'weights-page'), code, files });
  const browser = findBrowser();
  if (browser === undefined) return say('no browser here: the page of the weights is built, not run');
  const inPage = JSON.stringify(await runPage(page.folder, browser));
  if (inPage !== found) throw new Error(`page of the weights: expected the nuclei of Node, got types ${inPage}`);
  say(`page: the shipped weights find the ${JSON.parse(found).length} nuclei of Node`);
}

async function runInPages(expected) {
  const files = Object.fromEntries(
    ['hovernet.safetensors', 'tile.png'].map((name) => [name, readFileSync(join(scratch, name))]),
  );
  const code = `${pageExample()}export const results = { engine: engine.name, ...${plainMaps} };\n`;
  const page = await buildPage({ root: join(scratch, 'page'), code, files });
  if (page.nodeModules.length > 0) throw new Error(`the page imports ${page.nodeModules.join(', ')}`);
  const [plain, compressed] = [page.scriptBytes, page.gzippedBytes].map((bytes) => Math.round(bytes / 1000));
  say(`Vite: ${plain} kB of scripts, ${compressed} kB compressed, nothing that only Node has`);

  const browser = findBrowser();
  if (browser === undefined) return say('no browser here (apt-get install chromium): the page is not run');
  for (const [backend, flags] of [
    ['auto', []],
    ['cpu', []],
    ['webgpu', softwareWebGpuFlags],
  ]) {
    const { engine, ...maps } = await runPage(page.folder, browser, { flags, query: `?backend=${backend}` });
    const difference = Math.max(...mapNames.map((name) => relativeDifference(maps[name], expected[name])));
    if (!(difference <= tolerance))
      throw new Error(`${engine}: expected the maps of Node, got a difference of ${difference}`);
    say(`page, backend ${backend}: ${engine}, the maps of Node within ${difference.toExponential(1)}`);
  }
}

/** The README's, with the backend that the address of the page names. */
function pageExample() {
  const [opening, code] = ['openEagerEngine()', readReadmeBlock('model', 'js')];
  if (!code.includes(opening)) throw new Error(`README: expected ${opening} in the example`);
  return code.replace(opening, "openEagerEngine({ backend: new URLSearchParams(location.search).get('backend') })");
}

function relativeDifference(map, expected) {
  if (map.shape.join() !== expected.shape.join()) return NaN;
  const largest = Math.max(...expected.data.map(Math.abs));
  return Math.max(...map.data.map((value, i) => Math.abs(value - expected.data[i]))) / largest;
}

function writeJson(name, value) {
  writeFileSync(join(scratch, name), JSON.stringify(value, null, 2));
}
