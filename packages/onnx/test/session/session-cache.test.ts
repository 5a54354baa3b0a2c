import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOnnxEngine } from '../../src/node.js';
import { openSessionCache } from '../../src/session/session-cache.js';
import { scaledProgram } from './scaled-program.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hovernet-cache-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Compiles and runs {@link scaledProgram}: whether it came from the cache, and its first result. */
async function compile(options: { threads?: number } = {}): Promise<{ cached: boolean; first: number }> {
  const executable = await createOnnxEngine({ threads: 1, cacheDir: folder, ...options }).compile(scaledProgram);
  const { y } = await executable.run({ a: new Float32Array(8) });
  const { cached } = executable;
  await executable.dispose();
  return { cached, first: y!.data[0]! };
}

async function onlyFile(): Promise<string> {
  const names = await readdir(folder);
  expect(names).toHaveLength(1);
  return join(folder, names[0]!);
}

describe('optimised models on disk', () => {
  it('are written by the first session and used by the second', async () => {
    expect(await compile()).toEqual({ cached: false, first: 3 });
    expect(await compile()).toEqual({ cached: true, first: 3 });
    await onlyFile();
  });

  it('are not shared by sessions with other options', async () => {
    await compile();
    expect((await compile({ threads: 2 })).cached).toBe(false);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it.each([
    ['cut short', (path: string) => truncate(path, 40)],
    ['empty', (path: string) => truncate(path, 0)],
    [
      'changed in one byte',
      async (path: string) => {
        const bytes = await readFile(path);
        bytes[bytes.length >> 1]! ^= 1;
        await writeFile(path, bytes);
      },
    ],
  ])('are made again where one is %s', async (_, damage) => {
    await compile();
    await damage(await onlyFile());
    expect(await compile()).toEqual({ cached: false, first: 3 });
    expect((await compile()).cached).toBe(true);
    await onlyFile();
  });

  it('are made again where the runtime refuses one whose name is right', async () => {
    const cache = openSessionCache(folder, 1e9);
    await compile();
    const path = await onlyFile();
    const key = path.slice(folder.length + 1).split('-')[0]!;
    await cache.discard(path);
    const place = (await cache.reserve())!;
    await writeFile(place, 'no model');
    await cache.keep(key, place);
    expect(await compile()).toEqual({ cached: false, first: 3 });
    expect((await compile()).cached).toBe(true);
  });

  it('are done without where the folder cannot be made', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const engine = createOnnxEngine({ threads: 1, cacheDir: join(file, 'below') });
    const executable = await engine.compile(scaledProgram);
    expect(executable.cached).toBe(false);
    await executable.dispose();
  });

  it('are dropped, the longest unused first, where they exceed the limit; so are abandoned parts', async () => {
    const cache = openSessionCache(folder, 25);
    const put = async (key: string, age: number) => {
      const place = (await cache.reserve())!;
      await writeFile(place, key.repeat(10));
      await cache.keep(key, place);
      const path = (await cache.find(key))!;
      const then = new Date(Date.now() - age);
      await utimes(path, then, then);
    };
    const abandoned = (await cache.reserve())!;
    await writeFile(abandoned, 'part');
    await utimes(abandoned, new Date(0), new Date(0));
    await put('a', 3000);
    await put('b', 2000);
    await put('c', 0);
    expect(await cache.find('a')).toBeUndefined();
    expect(await cache.find('b')).toBeDefined();
    expect(await cache.find('c')).toBeDefined();
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('may be shared by processes that start at once', async () => {
    const script = join(import.meta.dirname, 'compile-cached.mjs');
    const start = () => promisify(execFile)(process.execPath, [script, folder], { encoding: 'utf8' });
    const results = await Promise.all([start(), start(), start()]);
    for (const { stdout } of results) expect(stdout.trim()).toBe('3');
    expect((await compile()).first).toBe(3);
  });
});
