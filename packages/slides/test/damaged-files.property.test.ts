// Files with random damage: an error of the house or pixels of the right size, in bounded time and memory.
// HOVERNET_FUZZ_ROUNDS=300 tries more.
import { readFileSync } from 'node:fs';
import { createRandom, HovernetError } from '@hovernet/core';
import { workspacePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { openSlide } from '../src/node.js';

const rounds = Number(process.env['HOVERNET_FUZZ_ROUNDS'] ?? 6);
const fixtures = workspacePath('packages/slides/test/fixtures');
const megabyte = 2 ** 20;

/** Reads every level; pixels that are given have the size that was asked for. */
async function readAll(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const slide = await openSlide(new Blob([bytes]));
  try {
    for (const [level, { width, height }] of slide.levels.entries()) {
      const [right, bottom] = [Math.min(width, 200), Math.min(height, 200)];
      const { shape } = await slide.readRegion(level, [0, 0, right, bottom]);
      expect(shape).toEqual([bottom, right, 3]);
    }
  } finally {
    await slide.close();
  }
}

describe('a damaged file', { timeout: 600_000 }, () => {
  it.each([
    'tiff/tiled-lzw.tif', 'tiff/tiled-deflate.tif', 'tiff/tiled-packbits.tif', 'tiff/tiled-zstd.tif', 'tiff/lzw-predictor.tif',
    'tiff/jpeg-ycbcr.tif', 'tiff/jpeg-rgb.tif', 'tiff/jpeg2000.tif', 'tiff/pyramid.ome.tif', 'tiff/bigtiff-strips.tif',
    'tiff/photograph.jpg', 'dicom/pyramid/level-0.dcm', 'dicom/sparse-implicit.dcm', 'dicom/jpeg.dcm', 'dicom/jpeg2000.dcm',
  ])('is an error of the house or an image: %s', async (name) => {
    const whole = readFileSync(`${fixtures}/${name}`);
    const random = createRandom(name.length * 1000 + rounds);
    let slowest = 0;
    for (let round = 0; round < rounds; round++) {
      const bytes = new Uint8Array(whole);
      // Half of the rounds in the first bytes or the last, where directories and headers are.
      const span = Math.min(bytes.length, 600);
      const start = round % 4 === 0 ? 0 : round % 4 === 1 ? bytes.length - span : 0;
      const length = round % 4 < 2 ? span : bytes.length;
      for (let change = 0; change <= random.integer(8); change++) bytes[start + random.integer(length)] = random.integer(256);
      const cut = random.integer(5) === 0 ? bytes.slice(0, random.integer(bytes.length)) : bytes;
      const started = performance.now();
      await readAll(cut).catch((error: unknown) => {
        if (!(error instanceof HovernetError)) throw error;
      });
      slowest = Math.max(slowest, performance.now() - started);
    }
    expect(slowest).toBeLessThan(20_000);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    expect((heapUsed + arrayBuffers) / megabyte).toBeLessThan(512);
  }); // prettier-ignore
});
