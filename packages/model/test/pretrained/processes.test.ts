import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fetchFile } from '../../src/pretrained/node/fetch-file.js';
import { noiseBytes } from './support/file-server.js';
import { serve, sha256, temporaryFolder, unfinished } from './support/temporary-cache.js';

const script = fileURLToPath(new URL('./fetch-in-process.mjs', import.meta.url));
const content = noiseBytes(1_000_000);

/** A process that fetches: when it begins to, and all that it printed. */
function fetchInProcess(address: string, cacheDir: string) {
  const child = spawn(process.execPath, [script, address, cacheDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise<string>((resolve) => child.on('close', () => resolve(printed)));
  const begun = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  return { child, begun, ended };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Bytes of the unfinished file in `folder`; 0 without one. */
function partBytes(folder: string): number {
  const part = unfinished(folder).find((name) => name.endsWith('.part'));
  return part === undefined ? 0 : statSync(join(folder, part)).size;
}

it('goes on where a process was killed, asking for the rest alone', async () => {
  const server = await serve({ content, etag: '"1"', pauseMs: 5 });
  const cacheDir = temporaryFolder();
  const address = `${server.origin}/weights.pt`;
  const { child, ended } = fetchInProcess(address, cacheDir);
  // What the server sent may still wait to be written.
  await until(() => partBytes(cacheDir) > 400_000);
  child.kill('SIGKILL');
  expect(await ended).toBe('begun\n');
  expect(unfinished(cacheDir)).toHaveLength(2);

  const path = await fetchFile(address, { cacheDir, sha256: sha256(content) });
  expect(sha256(readFileSync(path))).toBe(sha256(content));
  const [, rest] = server.requests;
  expect(server.requests).toHaveLength(2);
  expect(rest!.range).toMatch(/^bytes=[1-9]\d+-$/);
  const kept = Number(/\d+/.exec(rest!.range!)![0]);
  expect(kept).toBeGreaterThan(200_000);
  expect(rest!.sentBytes).toBe(content.length - kept);
  expect(unfinished(cacheDir)).toEqual([]);
});

it('takes the file that another process published while this one slept', async () => {
  const server = await serve({ content, etag: '"1"', pauseMs: 5 });
  const cacheDir = temporaryFolder();
  const address = `${server.origin}/weights.pt`;
  const fetching = fetchFile(address, { cacheDir, sha256: sha256(content) });
  await until(() => partBytes(cacheDir) > 100_000);
  const part = unfinished(cacheDir).find((name) => name.endsWith('.part'))!;
  const target = join(cacheDir, part.slice(0, part.indexOf('.pt.') + 3));
  writeFileSync(`${target}.new`, content);
  unlinkSync(join(cacheDir, part));
  renameSync(`${target}.new`, target);
  expect(await fetching).toBe(target);
  expect(server.requests).toHaveLength(1);
  expect(sha256(readFileSync(target))).toBe(sha256(content));
});

it('downloads once for processes that want the same file at the same time', async () => {
  const server = await serve({ content, etag: '"1"', pauseMs: 20 });
  const cacheDir = temporaryFolder();
  const address = `${server.origin}/weights.pt`;
  const processes = [fetchInProcess(address, cacheDir), fetchInProcess(address, cacheDir)];
  await Promise.all(processes.map(({ begun }) => begun));
  const own = fetchFile(address, { cacheDir });
  const printed = await Promise.all(processes.map(({ ended }) => ended));
  const path = await own;
  expect(printed).toEqual([`begun\n${path}\n`, `begun\n${path}\n`]);
  expect(server.requests).toHaveLength(1);
  expect(sha256(readFileSync(path))).toBe(sha256(content));
  expect(readdirSync(cacheDir)).toHaveLength(1);
});
