import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DownloadError } from '../../src/pretrained/download-error.js';
import { fetchFile, type FetchFileOptions } from '../../src/pretrained/node/fetch-file.js';
import { noiseBytes, type ServedFile } from './support/file-server.js';
import { serve, sha256, temporaryFolder } from './support/temporary-cache.js';

const content = noiseBytes(50_000);

async function start(file: Partial<ServedFile> = {}) {
  const server = await serve({ content, etag: '"v1"', ...file });
  const cacheDir = temporaryFolder();
  const get = (options: FetchFileOptions = {}) =>
    fetchFile(`${server.origin}/weights.pt`, { cacheDir, retryDelayMs: 1, ...options });
  return { server, cacheDir, get };
}

describe('the digest', () => {
  it('is checked before a file enters the cache', async () => {
    const { cacheDir, get } = await start();
    const expected = '0'.repeat(64);
    const failure = await failureOf(get({ sha256: expected }));
    expect(failure.message).toContain(`/weights.pt: expected sha256 ${expected}, got ${sha256(content)}`);
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it('of a copy in the cache is checked too: a wrong one is replaced', async () => {
    const { server, get } = await start();
    await get();
    const changed = noiseBytes(50_000, 2);
    server.file.content = changed;
    expect(sha256(readFileSync(await get()))).toBe(sha256(content));
    expect(sha256(readFileSync(await get({ sha256: sha256(changed).toUpperCase() })))).toBe(sha256(changed));
    expect(server.requests).toHaveLength(2);
  });

  it('that neither the copy nor the server has leaves the cache empty', async () => {
    const { cacheDir, get } = await start();
    await get();
    await expect(get({ sha256: '0'.repeat(64) })).rejects.toThrow(`got ${sha256(content)}`);
    expect(readdirSync(cacheDir)).toEqual([]);
  });
});

describe('what a server refuses', () => {
  it.each([
    [404, 'the server answered 404; check the address'],
    [403, 'the server answered 403; it requires credentials, or refuses this file'],
    [418, 'the server answered 418'],
  ])('with %i is told at once', async (status, message) => {
    const { server, cacheDir, get } = await start({ refusals: [status] });
    const failure = await failureOf(get());
    expect(failure).toMatchObject({ code: 'DOWNLOAD_FAILED', status, address: `${server.origin}/weights.pt` });
    expect(failure.message).toBe(`${server.origin}/weights.pt: ${message}`);
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it('for the moment is asked for again', async () => {
    const { server, get } = await start({ refusals: [503, 429, 500] });
    expect(sha256(readFileSync(await get()))).toBe(sha256(content));
    expect(server.requests).toHaveLength(4);
  });

  it('for the moment again and again is an error in the end', async () => {
    const { server, get } = await start({ refusals: [503, 503, 503] });
    await expect(get({ retries: 2 })).rejects.toThrow('the server answered 503; try again later');
    expect(server.requests).toHaveLength(3);
  });

  it('until a time is asked for then', async () => {
    const { get } = await start({ refusals: [503], headers: { 'retry-after': '1' } });
    const startMs = performance.now();
    await get();
    expect(performance.now() - startMs).toBeGreaterThan(900);
  });
});

describe('what is no weight file', () => {
  it.each(['<!DOCTYPE html><title>Sign in</title>', '\n  <html lang="en">', '<?xml version="1.0"?><Error/>'])(
    'but the page %j is refused',
    async (page) => {
      const { cacheDir, get } = await start({ content: Buffer.from(page) });
      await expect(get()).rejects.toThrow('expected weights, got a web page; use the address of the file itself');
      expect(readdirSync(cacheDir)).toEqual([]);
    },
  );

  it('but nothing is refused', async () => {
    const { get } = await start({ content: new Uint8Array(0) });
    await expect(get()).rejects.toThrow('expected weights, got an empty file');
  });

  it.each([true, false])('but larger than the limit is refused, its length told: %s', async (tellsLength) => {
    const { server, cacheDir, get } = await start({ tellsLength, pauseMs: 1 });
    await expect(get({ maxBytes: 20_000 })).rejects.toThrow(/expected at most 20000 bytes, got \d+ or more/);
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(cacheDir)).toEqual([]);
    expect(readFileSync(await get({ maxBytes: 50_000 }))).toHaveLength(50_000);
  });
});

describe('a network that fails', () => {
  it('is told with what to check, after some attempts', async () => {
    const { server, get } = await start();
    await server.close();
    const failure = await failureOf(get({ retries: 1 }));
    expect(failure.message).toMatch(/weights\.pt: the connection failed \(ECONNREFUSED\); check the network$/);
  });

  it('in that nothing comes any more is not waited for', async () => {
    const { server, get } = await start({ pauseMs: 400 });
    await expect(get({ idleTimeoutMs: 50, retries: 0 })).rejects.toThrow('nothing came for 0.05 s; check the network');
    // Another attempt goes on, however little each one brings.
    server.file.pauseMs = 0;
    expect(sha256(readFileSync(await get()))).toBe(sha256(content));
    expect(server.requests[1]!.range).toMatch(/^bytes=[1-9]/);
  });

  it('or sends next to nothing each time is given up', async () => {
    const { server, get } = await start({ content: noiseBytes(300_000), cuts: new Array<number>(1000).fill(100) });
    await expect(get()).rejects.toThrow(/the connection failed/);
    expect(server.requests).toHaveLength(5);
  });

  it('again and again is given up after 100 attempts', async () => {
    const { server, get } = await start({ refusals: new Array<number>(1000).fill(503) });
    await expect(get({ retryDelayMs: 0, retries: 1000 })).rejects.toThrow('the server answered 503');
    expect(server.requests).toHaveLength(100);
  });

  it('but for a drip is given up', async () => {
    const { get } = await start();
    const drip = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        controller.enqueue(Uint8Array.of(1));
      },
    });
    const failing = get({ idleTimeoutMs: 100, retries: 0, fetch: () => Promise.resolve(new Response(drip)) });
    await expect(failing).rejects.toThrow(/only \d+ bytes came in 1 s; check the network/);
  });

  it.each(['ftp://127.0.0.1/weights.pt', 'file:///etc/hostname'])(
    'by a redirect to %s is told at once',
    async (redirect) => {
      const { server, cacheDir } = await start({ redirect });
      const failure = await failureOf(fetchFile(`${server.origin}/moved`, { cacheDir, retryDelayMs: 1 }));
      expect(failure.message).toContain('the server redirects to what is no web address');
      expect(server.requests).toHaveLength(1);
    },
  );

  it('is not waited for once the caller aborts', async () => {
    const { get } = await start({ refusals: [503] });
    const signal = AbortSignal.timeout(30);
    await expect(get({ signal, retryDelayMs: 20_000 })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(get({ signal })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

it('says which cache folder cannot be written', async () => {
  const { get } = await start();
  await expect(get({ cacheDir: '/dev/null/cache' })).rejects.toMatchObject({
    code: 'INVALID_FILE',
    path: '/dev/null/cache',
  });
});

async function failureOf(promise: Promise<unknown>): Promise<DownloadError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DownloadError);
  return error as DownloadError;
}
