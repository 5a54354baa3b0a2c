// The main entry as a page has it: bundled by Vite, run by chromium, its WebGPU by SwiftShader.
import { spawnSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (command) => spawnSync(command, ['--version']).status === 0,
);
const title = browser === undefined ? ' (not here: no chromium; apt-get install chromium)' : '';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

describe.skipIf(browser === undefined)(`a page${title}`, { timeout: 180_000 }, () => {
  let folder: string;
  let server: Server;
  let received: (results: Results) => void;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hovernet-page-'));
    await build({
      root: fileURLToPath(new URL('./page', import.meta.url)),
      base: './',
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: ['@hovernet/source', 'module', 'browser', 'import', 'default'] },
      build: { outDir: folder, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 10_000 },
    });
    const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
    for (const name of readdirSync(wasm).filter((file) => file.endsWith('.wasm'))) {
      copyFileSync(join(wasm, name), join(folder, name));
    }
    server = await serve(folder, (results) => received(results));
  }, 180_000);

  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** What the page sends when a browser with these flags opens it. */
  async function openPage(...flags: string[]): Promise<Results> {
    const results = new Promise<Results>((resolve) => (received = resolve));
    const profile = mkdtempSync(join(tmpdir(), 'hovernet-browser-'));
    const fixed = ['--headless', '--no-sandbox', '--disable-dev-shm-usage', `--user-data-dir=${profile}`];
    const { port } = server.address() as AddressInfo;
    const child = spawn(browser!, [...fixed, ...flags, `http://127.0.0.1:${port}/`], {
      stdio: 'ignore',
      detached: true,
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    try {
      return await results;
    } finally {
      // The whole group: a browser is many processes, and all of them write into the profile.
      process.kill(-child.pid!, 'SIGKILL');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  }

  it('runs programs on the backends of its browser, and says what it has not', async () => {
    expect(await openPage()).toEqual({
      auto: 'tfjs-wasm: 2,4',
      webgpu: expect.stringMatching(/backend webgpu: expected (a GPU adapter|navigator.gpu), got none/) as string,
      wasm: 'tfjs-wasm: 2,4',
      cpu: 'tfjs-cpu: 2,4',
    });
  });

  it('runs on WebGPU where it is asked for, and does not take a software adapter for a GPU', async () => {
    const flags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
    expect(await openPage(...flags)).toMatchObject({ auto: 'tfjs-wasm: 2,4', webgpu: 'tfjs-webgpu: 2,4' });
  });

  it('loads nothing that only Node has', () => {
    const scripts = readdirSync(join(folder, 'assets')).map((name) =>
      readFileSync(join(folder, 'assets', name), 'utf8'),
    );
    expect(scripts.some((script) => script.includes('@tensorflow/tfjs-node-gpu'))).toBe(false);
  });
});

type Results = Record<string, string>;

/** Serves the files of `folder`, and gives each page's results to `received`. */
function serve(folder: string, received: (results: Results) => void): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      void readText(request).then((text) => received(JSON.parse(text) as Results));
      response.writeHead(204).end();
      return;
    }
    const path = request.url === '/' ? '/index.html' : request.url!.split('?')[0]!;
    try {
      const content = readFileSync(join(folder, path));
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function readText(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  return text;
}
