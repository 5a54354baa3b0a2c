// Circles of imports, types included: among the files of each package, and among the folders at the top of its src.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = join(dirname(dirname(fileURLToPath(import.meta.url))), 'packages');
let failed = false;
for (const name of readdirSync(packages).sort()) {
  const source = join(packages, name, 'src');
  if (!existsSync(source)) continue;
  const files = readImports(source);
  for (const circle of [...findCircles(files), ...findCircles(groupByFolder(files))]) {
    process.stdout.write(`packages/${name}/src: ${[...circle, circle[0]].join(' → ')}\n`);
    failed = true;
  }
}
process.exitCode = failed ? 1 : 0;

/** What each file imports from the same package. */
function readImports(source) {
  const graph = new Map();
  for (const file of readdirSync(source, { recursive: true }).sort()) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(source, file), 'utf8');
    const from = file.split(sep).join('/');
    const names = [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'(\.[^']+)\.js'/g)].map((match) => match[1]);
    graph.set(from, new Set(names.map((path) => posix.normalize(`${posix.dirname(from)}/${path}.ts`))));
  }
  return graph;
}

/** What each folder at the top imports from the others; files beside the folders, such as index.ts, belong to none. */
function groupByFolder(files) {
  const folders = new Map();
  const folderOf = (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : undefined);
  for (const [file, imports] of files) {
    const folder = folderOf(file);
    if (folder === undefined) continue;
    const others = [...imports].map(folderOf).filter((other) => other !== undefined && other !== folder);
    folders.set(folder, new Set([...(folders.get(folder) ?? []), ...others]));
  }
  return folders;
}

/** One circle through each node that is in one and in none of those found before. */
function findCircles(graph) {
  const circles = [];
  const done = new Set();
  function visit(node, path) {
    const start = path.indexOf(node);
    if (start >= 0) return void circles.push(path.slice(start));
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  }
  for (const node of graph.keys()) visit(node, []);
  return circles;
}
