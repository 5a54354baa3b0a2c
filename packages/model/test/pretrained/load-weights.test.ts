import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRandom } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import * as web from '../../src/index.js';
import { encodeSafetensors } from '@hovernet/files';
import { initializeWeights, loadWeights, resolveConfig } from '../../src/node.js';
import { describeConfig } from '../../src/internal.js';
import { serve, sha256, temporaryFolder } from './support/temporary-cache.js';

const config = resolveConfig({ preset: 'tiny', outClasses: 3 });
const state = initializeWeights(config, createRandom(7));
const classes = [{ id: 1, name: 'epithelial', color: [255, 0, 0] as const }];
const file = encodeSafetensors(state, { ...describeConfig({ config, classes }), note: 'a test' });
const tensors = state.size;

const noNetwork: typeof fetch = () => Promise.reject(new Error('no network here'));

/** Loaded weights must be those that were written. */
function expectNetwork(network: web.Weights): void {
  expect(network.config).toEqual(config);
  expect(network).toMatchObject({ classes, origin: 'hovernet', metadata: { note: 'a test' }, sha256: sha256(file) });
  expect(network.coverage).toMatchObject({ loaded: tensors, total: tensors, missing: [], unexpected: [] });
  const bytes = encodeSafetensors(network.state, network.metadata);
  expect(sha256(bytes)).toBe(sha256(file));
}

describe('in Node', () => {
  it('loads a network from a path and from a file: address, without network', async () => {
    const path = join(temporaryFolder(), 'tiny.safetensors');
    writeFileSync(path, file);
    expectNetwork(await loadWeights(path, { fetch: noNetwork, sha256: sha256(file) }));
    expectNetwork(await loadWeights(pathToFileURL(path), { fetch: noNetwork }));
  });

  it('loads it from an address, and later without network', async () => {
    const server = await serve({ content: file, etag: '"1"', cuts: [500_000] });
    const cacheDir = temporaryFolder();
    const address = `${server.origin}/tiny.safetensors`;
    expectNetwork(await loadWeights(address, { cacheDir, retryDelayMs: 1 }));
    expect(server.requests).toHaveLength(2);
    expectNetwork(await loadWeights(new URL(address), { cacheDir, fetch: noNetwork }));
  });

  it('leaves a file that is no weight file where it is, but no copy of one in the cache', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'x.safetensors');
    writeFileSync(path, 'not weights');
    await expect(loadWeights(path)).rejects.toMatchObject({ code: 'INVALID_FILE', path });
    expect(readFileSync(path, 'utf8')).toBe('not weights');

    const server = await serve({ content: file.slice(0, 1000) });
    const cacheDir = temporaryFolder();
    const address = `${server.origin}/tiny.safetensors`;
    await expect(loadWeights(address, { cacheDir })).rejects.toMatchObject({ code: 'INVALID_FILE', path: address });
    expect(readdirSync(cacheDir)).toEqual([]);
    server.file.content = file;
    expectNetwork(await loadWeights(address, { cacheDir }));
  });

  it('keeps the copy of a file that only fits another network', async () => {
    const server = await serve({ content: file });
    const cacheDir = temporaryFolder();
    const address = `${server.origin}/tiny.safetensors`;
    const other = resolveConfig({ preset: 'tiny', outClasses: 5 });
    const load = loadWeights(address, { cacheDir, config: other });
    await expect(load).rejects.toMatchObject({ code: 'INVALID_WEIGHTS' });
    await expect(load).rejects.toThrow(/^http.*tiny\.safetensors: its weights do not fit the network/);
    expect(readdirSync(cacheDir)).toHaveLength(1);
  });

  it('loads a network from bytes, which errors call by a name of choice', async () => {
    for (const load of [loadWeights, web.loadWeights]) {
      expectNetwork(await load(file, { fetch: noNetwork, sha256: sha256(file) }));
      await expect(load(file.slice(0, 1000), { source: 'cut.safetensors' })).rejects.toThrow(/^cut\.safetensors: /);
      const other = load(file, { sha256: '0'.repeat(64) });
      await expect(other).rejects.toThrow(`weights: expected sha256 ${'0'.repeat(64)}, got ${sha256(file)}`);
      await expect(load(file, { sha256: 'x' })).rejects.toThrow(/sha256: expected 64 hexadecimal digits/);
    }
  });

  it('hands on what is to be read of a file', async () => {
    const path = join(temporaryFolder(), 'tiny.safetensors');
    writeFileSync(path, file);
    await expect(loadWeights(path, { key: 'desc' })).rejects.toThrow(/key desc/);
  });

  it('says that a file is missing', async () => {
    await expect(loadWeights('no/such.safetensors')).rejects.toMatchObject({ code: 'MISSING_FILE' });
  });
});

describe('in a page', () => {
  /** As the browser's, over a Map. */
  function memoryCache() {
    const entries = new Map<string, Response>();
    return {
      entries,
      match: (key: string) => Promise.resolve(entries.get(key)?.clone()),
      put: (key: string, response: Response) => Promise.resolve(void entries.set(key, response)),
      delete: (key: string) => Promise.resolve(entries.delete(key)),
    };
  }

  it('loads a network from an address, begun anew where the connection breaks', async () => {
    const server = await serve({ content: file, etag: '"1"', cuts: [500_000], tellsLength: false });
    const progress: number[] = [];
    const network = await web.loadWeights(`${server.origin}/tiny.safetensors`, {
      retryDelayMs: 1,
      sha256: sha256(file),
      onProgress: ({ receivedBytes }) => progress.push(receivedBytes),
    });
    expectNetwork(network);
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, undefined]);
    expect(progress.at(-1)).toBe(file.length);
  });

  it('keeps the file in a cache, under no secret', async () => {
    const server = await serve({ content: file });
    const cache = memoryCache() as unknown as Cache & ReturnType<typeof memoryCache>;
    const address = `${server.origin}/tiny.safetensors?token=t0p`;
    expectNetwork(await web.loadWeights(address, { cache }));
    expect([...cache.entries.keys()]).toEqual([`${server.origin}/tiny.safetensors`]);
    expectNetwork(await web.loadWeights(address, { cache, fetch: noNetwork, sha256: sha256(file) }));
    expect(server.requests).toHaveLength(1);

    await expect(web.loadWeights(address, { cache, sha256: '0'.repeat(64) })).rejects.toThrow(
      `expected sha256 ${'0'.repeat(64)}, got ${sha256(file)}`,
    );
    expect(cache.entries.size).toBe(0);
  });

  it('gives the network also where the cache is full', async () => {
    const server = await serve({ content: file });
    const put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    const cache = { ...memoryCache(), put } as unknown as Cache;
    expectNetwork(await web.loadWeights(`${server.origin}/tiny.safetensors`, { cache }));
  });

  it('tells pages, large files and wrong addresses as in Node', async () => {
    const server = await serve({ content: Buffer.from('<!doctype html>') });
    await expect(web.loadWeights(server.origin)).rejects.toThrow('got a web page');
    server.file.content = file;
    await expect(web.loadWeights(server.origin, { maxBytes: 1000 })).rejects.toThrow('expected at most 1000 bytes');
    await expect(web.loadWeights('tiny.safetensors')).rejects.toThrow(
      'got "tiny.safetensors"; for files on a disk use @hovernet/model/node',
    );
    await expect(web.loadWeights(server.origin, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });
});
