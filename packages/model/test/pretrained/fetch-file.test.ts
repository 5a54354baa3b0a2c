import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fetchFile, type FetchFileOptions } from '../../src/pretrained/node/fetch-file.js';
import { noiseBytes, type ServedFile } from './support/file-server.js';
import { serve, sha256, temporaryFolder, unfinished } from './support/temporary-cache.js';

const size = 300_000;
const content = noiseBytes(size);
const etag = '"v1"';

const noNetwork: typeof fetch = () => Promise.reject(new Error('no network here'));

/** A server of `file`, an empty cache, and downloads from one into the other. */
async function start(file: Partial<ServedFile> = {}) {
  const server = await serve({ content, etag, ...file });
  const cacheDir = temporaryFolder();
  const get = (options: FetchFileOptions = {}, path = '/weights.pt') =>
    fetchFile(server.origin + path, { cacheDir, retryDelayMs: 1, ...options });
  return { server, cacheDir, get };
}

/** Aborts once `bytes` are there. */
function abortAfter(bytes: number): FetchFileOptions {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onProgress: ({ receivedBytes }) => {
      if (receivedBytes >= bytes) controller.abort();
    },
  };
}

describe('a file of this machine', () => {
  it('is taken where it lies, without any network', async () => {
    const path = join(temporaryFolder(), 'weights.pt');
    writeFileSync(path, content);
    expect(await fetchFile(path, { fetch: noNetwork, sha256: sha256(content) })).toBe(path);
    expect(await fetchFile(pathToFileURL(path), { fetch: noNetwork })).toBe(path);
    expect(await fetchFile(pathToFileURL(path).href, { fetch: noNetwork })).toBe(path);
  });

  it('stays where it is when its sha256 is another', async () => {
    const path = join(temporaryFolder(), 'weights.pt');
    writeFileSync(path, content);
    const expected = 'ab'.repeat(32);
    await expect(fetchFile(path, { sha256: expected })).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining(`expected sha256 ${expected}, got ${sha256(content)}`) as string,
    });
    expect(sha256(readFileSync(path))).toBe(sha256(content));
  });

  it('is an error where it is missing, or not of this machine', async () => {
    await expect(fetchFile('/no/such', { sha256: 'ab'.repeat(32) })).rejects.toMatchObject({ code: 'MISSING_FILE' });
    await expect(fetchFile('file://elsewhere/x')).rejects.toThrow('expected a file: address of this machine');
    await expect(fetchFile('s3://bucket/x')).rejects.toThrow('expected an http or https address, got one of s3:');
    await expect(fetchFile('x', { sha256: 'abc' })).rejects.toThrow(
      'sha256: expected 64 hexadecimal digits, got "abc"',
    );
  });
});

describe('a file of a server', () => {
  it('is downloaded once and then used without asking, also offline', async () => {
    const { server, cacheDir, get } = await start();
    const seen: unknown[] = [];
    const path = await get({ onProgress: (progress) => seen.push(progress) });
    expect(sha256(readFileSync(path))).toBe(sha256(content));
    expect(basename(path)).toMatch(/^[0-9a-f]{32}-weights\.pt$/);
    expect(seen[0]).toEqual({ receivedBytes: 0, totalBytes: size });
    expect(seen.at(-1)).toEqual({ receivedBytes: size, totalBytes: size });

    await server.close();
    expect(await get()).toBe(path);
    expect(await get({ fetch: noNetwork, sha256: sha256(content) })).toBe(path);
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(cacheDir)).toEqual([basename(path)]);
  });

  it('goes on within one call where connections break', async () => {
    const { server, get } = await start({ cuts: [100_000, 50_000] });
    const path = await get();
    expect(sha256(readFileSync(path))).toBe(sha256(content));
    const [first, ...later] = server.requests;
    expect(first!.range).toBeUndefined();
    expect(later.map(({ ifRange }) => ifRange)).toEqual([etag, etag]);
    // What was on its way when a connection broke may come again, but never what had arrived.
    expect(server.requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0)).toBeLessThan(size + 150_000);
    expect(startOf(later[1]!.range)).toBeGreaterThan(startOf(later[0]!.range));
  });

  it('goes on in a later call after an abort, asking for the rest alone', async () => {
    const { server, cacheDir, get } = await start({ pauseMs: 1 });
    await expect(get(abortAfter(100_000))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(unfinished(cacheDir)).toHaveLength(2);

    const received: number[] = [];
    const path = await get({ onProgress: ({ receivedBytes }) => received.push(receivedBytes) });
    expect(sha256(readFileSync(path))).toBe(sha256(content));
    const [, second] = server.requests;
    expect(server.requests).toHaveLength(2);
    expect(received[0]).toBeGreaterThanOrEqual(100_000);
    expect(second).toMatchObject({ range: `bytes=${received[0]}-`, sentBytes: size - received[0]! });
    expect(readdirSync(cacheDir)).toEqual([basename(path)]);
  });

  it('is known by its date where it has no ETag, and begun anew where it has only a weak one', async () => {
    const lastModified = 'Wed, 21 Oct 2015 07:28:00 GMT';
    const dated = await start({ etag: undefined, lastModified, cuts: [100_000] });
    expect(sha256(readFileSync(await dated.get()))).toBe(sha256(content));
    expect(dated.server.requests[1]).toMatchObject({ ifRange: lastModified });

    const weak = await start({ etag: 'W/"v1"', lastModified, cuts: [100_000] });
    expect(sha256(readFileSync(await weak.get()))).toBe(sha256(content));
    expect(weak.server.requests[1]).toMatchObject({ range: undefined, sentBytes: size });
  });

  it('begins anew where the server serves no parts', async () => {
    const { server, get } = await start({ ranges: false, cuts: [100_000] });
    expect(sha256(readFileSync(await get()))).toBe(sha256(content));
    expect(server.requests.map(({ sentBytes }) => sentBytes)).toEqual([100_000, size]);
  });

  it.each([
    ['by the standard', false],
    ['against it, with a part of the new one', true],
  ])('begins anew where it changed meanwhile and the server answers %s', async (_, ignoresConditions) => {
    const { server, cacheDir, get } = await start({ pauseMs: 1 });
    await expect(get(abortAfter(100_000))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const changed = noiseBytes(size + 7, 2);
    Object.assign(server.file, { content: changed, etag: '"v2"', ignoresConditions });
    const path = await get();
    expect(sha256(readFileSync(path))).toBe(sha256(changed));
    expect(unfinished(cacheDir)).toEqual([]);
  });

  it('needs no more than a look where only the last step was missing', async () => {
    const { server, cacheDir, get } = await start({ pauseMs: 1 });
    await expect(get(abortAfter(size))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(unfinished(cacheDir)).toHaveLength(2);
    expect(sha256(readFileSync(await get()))).toBe(sha256(content));
    expect(server.requests[1]).toMatchObject({ range: `bytes=${size}-`, sentBytes: 0 });
  });

  it('begins anew where what the server said of it is damaged', async () => {
    const { server, cacheDir, get } = await start({ pauseMs: 1 });
    await expect(get(abortAfter(100_000))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const [note] = unfinished(cacheDir).filter((name) => name.endsWith('.json'));
    writeFileSync(join(cacheDir, note!), '{"etag":"\\"v');
    expect(sha256(readFileSync(await get()))).toBe(sha256(content));
    expect(server.requests[1]!.range).toBeUndefined();
  });

  it('is downloaded once by several calls at the same time', async () => {
    const { server, cacheDir, get } = await start({ pauseMs: 2 });
    const paths = await Promise.all([get(), get(), get({ sha256: sha256(content) })]);
    expect(new Set(paths).size).toBe(1);
    expect(sha256(readFileSync(paths[0]!))).toBe(sha256(content));
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(cacheDir)).toHaveLength(1);
  });

  it('is taken over by a waiting call when the one that began gives up', async () => {
    const { server, get } = await start({ pauseMs: 2 });
    const results = await Promise.allSettled([get(abortAfter(100_000)), get()]);
    const path = results.find((result) => result.status === 'fulfilled')!.value;
    expect(sha256(readFileSync(path))).toBe(sha256(content));
    const resumed = server.requests.filter(({ range }) => range !== undefined);
    // Whichever began: an abort leaves a part behind, unless the call that waits is the one that is aborted.
    expect(resumed.length).toBe(server.requests.length - 1);
  });

  it('is reached through redirects', async () => {
    const { server, get } = await start({ redirect: '/elsewhere/x.bin' });
    const path = await get({}, '/moved');
    expect(sha256(readFileSync(path))).toBe(sha256(content));
    expect(basename(path)).toMatch(/-moved$/);
    expect(server.requests.map(({ url }) => url)).toEqual(['/moved', '/elsewhere/x.bin']);
  });
});

function startOf(range: string | undefined): number {
  return Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]);
}
