import { gunzipSync, inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { compressChunks } from '../../src/compress-chunks.js';

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of chunks) pieces.push(piece);
  return pieces;
}

async function* cut(bytes: Uint8Array<ArrayBuffer>, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield await Promise.resolve(bytes.slice(at, at + length));
}

const bytes = Uint8Array.from({ length: 400_000 }, (_, i) => (i * i) % 251);

it.each([
  ['gzip', gunzipSync],
  ['deflate', inflateSync],
] as const)('gives a stream of %s, the same however its bytes come', async (format, expand) => {
  const [fine, coarse] = await Promise.all(
    [1000, 70_000].map((length) => collect(compressChunks(format, cut(bytes, length)))),
  );
  expect(Buffer.concat(fine!)).toEqual(Buffer.concat(coarse!));
  expect(new Uint8Array(expand(Buffer.concat(fine!)))).toEqual(bytes);
});

it('throws what its chunks throw', async () => {
  async function* broken() {
    yield* cut(bytes, 1000);
    throw new Error('the disk is gone');
  }
  await expect(collect(compressChunks('gzip', broken()))).rejects.toThrow('the disk is gone');
});

it('ends its chunks where the reader leaves', async () => {
  let ended = false;
  async function* noise() {
    try {
      for (let seed = 1; ; seed++)
        yield await Promise.resolve(Uint8Array.from({ length: 1e5 }, (_, i) => Math.imul(i + seed, 0x9e3779b1) >>> 24));
    } finally {
      ended = true;
    }
  }
  for await (const piece of compressChunks('gzip', noise())) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  await expect.poll(() => ended).toBe(true);
});
