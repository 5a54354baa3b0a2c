// Pages as a user of a bundler has them: bundled by Vite, served, and run by a headless browser where one is here.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { workspacePath } from './reference-data.js';

/** Command of a browser that this machine has; undefined without one. */
export function findBrowser(): string | undefined {
  const commands = ['chromium', 'chromium-browser', 'google-chrome'];
  return commands.find((command) => spawnSync(command, ['--version']).status === 0);
}

/** What the title of a test says that needs `browser`; empty where there is one. */
export function browserAbsence(browser: string | undefined): string {
  return browser === undefined ? ' (not here: no chromium; apt-get install chromium)' : '';
}

/** Flags under which chromium's WebGPU runs on the processor. */
export const softwareWebGpuFlags = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

export interface PageSource {
  /** Folder that is made the page's; packages are found from there on. */
  readonly root: string;
  /** The page's script. What it assigns to `results` is sent to its server as JSON, or the message of what it throws. */
  readonly code: string;
  /** Files beside the page, by name. @default none */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Conditions of package exports besides Vite's own. @default none */
  readonly conditions?: readonly string[];
}

/** An empty folder for a page below `packages/<name>`, from where that package's own dependencies are found. */
export function makePageRoot(name: string): string {
  const parent = workspacePath('packages', name, 'out');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'page-'));
}

/** A page that is built. */
export interface BuiltPage {
  readonly folder: string;
  /** Size of its scripts, and compressed for the network. */
  readonly scriptBytes: number;
  readonly gzippedBytes: number;
  /** Paths of all modules of the page's own scripts; those of workers are not listed. */
  readonly modules: readonly string[];
  /** Modules of Node that its code imports, which Vite replaces by empty ones. */
  readonly nodeModules: readonly string[];
}

/** Builds a page with Vite into `dist` of its root. The `.wasm` files of TensorFlow.js lie beside it, where its project has them. */
export async function buildPage({ root, code, files = {}, conditions = [] }: PageSource): Promise<BuiltPage> {
  const publicFolder = join(root, 'public');
  mkdirSync(publicFolder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(publicFolder, name), bytes);
  const wasm = findTensorFlowWasm(root);
  for (const name of wasm === undefined ? [] : readdirSync(wasm).filter((file) => file.endsWith('.wasm'))) {
    copyFileSync(join(wasm!, name), join(publicFolder, name));
  }
  writeFileSync(join(root, 'example.js'), code);
  writeFileSync(join(root, 'main.js'), mainScript);
  writeFileSync(join(root, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>\n');
  const { build } = await import('vite');
  const folder = join(root, 'dist');
  const built = await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: [...conditions, 'module', 'browser', 'import', 'default'] },
    build: { outDir: folder, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 10_000 },
  });
  if (Array.isArray(built) || !('output' in built)) throw new Error('buildPage: expected one output of Vite');
  const chunks = built.output.filter((file) => file.type === 'chunk');
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
  const scripts = chunks.map((chunk) => Buffer.from(chunk.code));
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    folder,
    scriptBytes: sum(scripts.map(({ length }) => length)),
    gzippedBytes: sum(scripts.map((script) => gzipSync(script).length)),
    modules,
    nodeModules: modules.flatMap((id) => /__vite-browser-external:(.+)/.exec(id)?.[1] ?? []),
  };
}

/** Folder of the `.wasm` files of TensorFlow.js, where the page's project has them. */
function findTensorFlowWasm(root: string): string | undefined {
  try {
    return dirname(createRequire(join(root, 'main.js')).resolve('@tensorflow/tfjs-backend-wasm'));
  } catch {
    return undefined;
  }
}

const mainScript = `const body = await import('./example.js').then(
  ({ results }) => ({ results }),
  (error) => ({ error: String(error?.stack ?? error) }),
);
await fetch('./results', { method: 'POST', body: JSON.stringify(body) });
`;

export interface RunPageOptions {
  /** Of the browser. @default none */
  readonly flags?: readonly string[];
  /** Of the page's address, from `?` on. @default '' */
  readonly query?: string;
  /** Whether the page is cross-origin isolated, so that WebAssembly has threads. @default false */
  readonly isolated?: boolean;
}

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
} as const;

/**
 * The results of a built page, opened in `browser`.
 * @throws Error with what the page threw, or when it says nothing for six minutes
 */
export async function runPage(
  folder: string,
  browser: string,
  { flags = [], query = '', isolated = false }: RunPageOptions = {},
): Promise<unknown> {
  const { server, received } = await serve(folder, isolated ? isolation : {});
  const profile = mkdtempSync(join(tmpdir(), 'hovernet-browser-'));
  const fixed = ['--headless', '--no-sandbox', '--disable-dev-shm-usage', `--user-data-dir=${profile}`];
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${query}`;
  const child = spawn(browser, [...fixed, ...flags, address], { stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => child.on('close', resolve));
  try {
    return await received;
  } finally {
    // The whole group: a browser is many processes, and all of them write into the profile.
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Serves the files of `folder` until a page sends its results. */
async function serve(
  folder: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly server: Server; readonly received: Promise<unknown> }> {
  let settle: (text: string) => void = () => undefined;
  const server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://page').pathname;
    if (request.method === 'POST') {
      void readText(request).then(settle);
      response.writeHead(204).end();
      return;
    }
    try {
      const content = readFileSync(join(folder, path === '/' ? 'index.html' : path));
      const type = types[path === '/' ? '.html' : extname(path)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, ...headers }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  const received = new Promise<unknown>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the page: nothing came for 6 min')), 360_000);
    settle = (text) => {
      clearTimeout(timer);
      const { results, error } = JSON.parse(text) as { readonly results?: unknown; readonly error?: string };
      if (error === undefined) resolve(results);
      else reject(new Error(`the page: ${error}`));
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, received };
}

async function readText(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  return text;
}
