import { encodeNpy } from '@hovernet/files';
import { readImage, writeNpy, writePng } from '@hovernet/files/node';
import { createRgbImage } from '@hovernet/core';
import { workspacePath } from '@hovernet/testing';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import type sharpLibrary from 'sharp';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createFolderScratch } from '../../src/scratch/node/folder-scratch.js';
import { openImage } from '../../src/sources/node/open-image.js';

const folder = mkdtempSync(join(tmpdir(), 'hovernet-open-image-'));
afterAll(() => rmSync(folder, { recursive: true }));
const options = { scratch: createFolderScratch(folder) };
const [height, width] = [23, 31];
const data = Uint8Array.from({ length: height * width * 4 }, (_, i) => (i * 7919 + (i >> 3)) & 255);

async function readWhole(path: string, memoryPx?: number): Promise<number[]> {
  const source = await openImage(path, { ...options, ...(memoryPx !== undefined && { memoryPx }) });
  const image = await source.read([0, 0, source.width, source.height]);
  expect(image.shape).toEqual([source.height, source.width, 3]);
  const part = await source.read([3, 5, 9, 7]);
  for (const [y, x, c] of [
    [0, 0, 0],
    [1, 5, 2],
    [1, 2, 1],
  ] as const)
    expect(part.get(y, x, c)).toBe(image.get(y + 5, x + 3, c));
  await source.close();
  return Array.from({ length: image.size }, (_, i) =>
    image.get(Math.floor(i / 3 / source.width), Math.floor(i / 3) % source.width, i % 3),
  );
}

describe('a PNG decoded row by row', () => {
  it.each([
    ['RGB', { colorType: 2, bitDepth: 8 }],
    ['RGB and alpha', { colorType: 6, bitDepth: 8 }],
    ['grey', { colorType: 0, bitDepth: 8 }],
    ['grey and alpha', { colorType: 4, bitDepth: 8 }],
    ['16-bit RGB', { colorType: 2, bitDepth: 16 }],
    ['16-bit grey', { colorType: 0, bitDepth: 16 }],
  ] as const)('has the pixels of readImage: %s', async (name, { colorType, bitDepth }) => {
    const samples = bitDepth === 16 ? new Uint16Array(data.length).map((_, i) => data[i]! * 257 - (i % 200)) : data;
    const png = new PNG({ width, height, colorType, bitDepth, inputColorType: 6 } as object);
    png.data = Buffer.from(samples.buffer);
    const path = join(folder, `${name}.png`);
    writeFileSync(path, PNG.sync.write(png, { colorType, bitDepth, inputColorType: 6, filterType: -1 } as object));
    const expected = await readImage(path);
    expect(await readWhole(path, 0)).toEqual([...expected.data]);
  });

  it.each([1, 2, 4, 8])('has them for palettes and grey of %i bits', async (bitDepth) => {
    const rowBytes = Math.ceil((width * bitDepth) / 8);
    for (const colorType of [0, 3]) {
      const path = join(folder, `bits-${bitDepth}-${colorType}.png`);
      writeFileSync(path, encodeIndexed({ bitDepth, colorType, rowBytes }));
      expect(await readWhole(path, 0)).toEqual([...(await readImage(path)).data]);
    }
  });

  it('is told where it is damaged or truncated, and leaves nothing behind', async () => {
    const path = join(folder, 'whole.png');
    await writePng(path, createRgbImage(height, width, data.slice(0, 3 * height * width)));
    const bytes = readFileSync(path);
    const cases: [string, Buffer, RegExp][] = [
      ['cut.png', bytes.subarray(0, bytes.length - 300), /cut\.png: truncated PNG/],
      [
        'sum.png',
        Buffer.concat([bytes.subarray(0, 200), Buffer.of(bytes[200]! ^ 1), bytes.subarray(201)]),
        /sum\.png: damaged PNG/,
      ],
      ['short.png', shortenRows(bytes), /short\.png: truncated PNG: 22 of 23 rows|short\.png: damaged PNG/],
    ];
    const before = readdirSync(folder).length;
    for (const [name, content, message] of cases) {
      const damaged = join(folder, name);
      writeFileSync(damaged, content);
      await expect(openImage(damaged, { ...options, memoryPx: 0 })).rejects.toThrow(message);
    }
    expect(readdirSync(folder).length).toBe(before + cases.length);
  });
});

describe('an .npy file', () => {
  const pixels = data.slice(0, 3 * height * width);

  it('is an image if it holds one, colour or grey', async () => {
    const path = join(folder, 'image.npy');
    await writeNpy(path, { dtype: 'uint8', shape: [height, width, 3], data: pixels });
    expect(await readWhole(path)).toEqual([...pixels]);
    const grey = data.slice(0, height * width);
    await writeNpy(path, { dtype: 'uint8', shape: [height, width], data: grey });
    expect(await readWhole(path)).toEqual([...grey].flatMap((value) => [value, value, value]));
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'float.npy',
      encodeNpy({ dtype: 'float32', shape: [2, 2, 3], data: new Float32Array(12) }),
      /expected an image, uint8 \[height, width, 3\], got float32 \[2, 2, 3\]/,
    ],
    ['deep.npy', encodeNpy({ dtype: 'uint8', shape: [2, 2, 4], data: new Uint8Array(16) }), /got uint8 \[2, 2, 4\]/],
    [
      'cut.npy',
      encodeNpy({ dtype: 'uint8', shape: [2, 2, 3], data: new Uint8Array(12) }).subarray(0, -1),
      /truncated: \d+ bytes expected/,
    ],
    ['text.npy', Buffer.from('no array at all'), /not an \.npy file/],
  ])('is refused otherwise: %s', async (name, bytes, message) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    await expect(openImage(path, options)).rejects.toThrow(message);
  });

  it('is named where it is missing', async () => {
    await expect(openImage(join(folder, 'nowhere.npy'), options)).rejects.toMatchObject({ code: 'MISSING_FILE' });
    await expect(openImage(join(folder, 'nowhere.png'), options)).rejects.toMatchObject({ code: 'MISSING_FILE' });
  });
});

describe('JPEG and TIFF', () => {
  const sharp = createRequire(createRequire(import.meta.url).resolve('@hovernet/files/package.json'))(
    'sharp',
  ) as typeof sharpLibrary;

  it('have the pixels that sharp gives', async () => {
    const raw = { width, height, channels: 3 as const };
    const pixels = data.slice(0, 3 * height * width);
    await sharp(pixels, { raw }).tiff({ compression: 'lzw' }).toFile(join(folder, 'a.tif'));
    await sharp(pixels, { raw }).jpeg().toFile(join(folder, 'a.jpg'));
    expect(await readWhole(join(folder, 'a.tif'))).toEqual([...pixels]);
    expect(await readWhole(join(folder, 'a.jpg'))).toEqual([...(await readImage(join(folder, 'a.jpg'))).data]);
    const bytes = await openImage(new Uint8Array(readFileSync(join(folder, 'a.jpg'))), options);
    expect([bytes.width, bytes.height, bytes.mpp]).toEqual([width, height, null]);
    await bytes.close();
  });

  it('need no other package', async () => {
    vi.doMock('sharp', () => {
      throw Object.assign(new Error("Cannot find package 'sharp'"), { code: 'ERR_MODULE_NOT_FOUND' });
    });
    vi.resetModules();
    const { openImage: openWithout } = await import('../../src/sources/node/open-image.js');
    const source = await openWithout(join(folder, 'a.jpg'), options);
    expect([source.width, source.height]).toEqual([width, height]);
    await source.close();
    vi.doUnmock('sharp');
    vi.resetModules();
  });

  it('are slides with a resolution', async () => {
    const source = await openImage(workspacePath('samples/slides/CMU-1-Small-Region.svs'), options);
    expect([source.width, source.height, source.mpp]).toEqual([2220, 2967, 0.499]);
    await source.close();
  });
});

interface Indexed {
  readonly bitDepth: number;
  readonly colorType: number;
  readonly rowBytes: number;
}

/** A PNG of `data`'s bits, with a palette if it needs one. */
function encodeIndexed({ bitDepth, colorType, rowBytes }: Indexed): Buffer {
  const rows = Buffer.alloc(height * (rowBytes + 1));
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colorType], 8);
  const palette = Buffer.from(data.subarray(0, 3 * 2 ** bitDepth));
  return joinChunks([
    ['IHDR', header],
    ...(colorType === 3 ? [['PLTE', palette] as const] : []),
    ['IDAT', deflateSync(rows)],
    ['IEND', Buffer.alloc(0)],
  ]);
}

/** The PNG without its last row, its checksums right. */
function shortenRows(file: Buffer): Buffer {
  const rows = inflateSync(file.subarray(41, 41 + file.readUInt32BE(33)));
  return joinChunks([
    ['IHDR', file.subarray(16, 29)],
    ['IDAT', deflateSync(rows.subarray(0, rows.length - 3 * width - 1))],
    ['IEND', Buffer.alloc(0)],
  ]);
}

function joinChunks(chunks: readonly (readonly [type: string, content: Buffer])[]): Buffer {
  const parts = chunks.map(([type, content]) => {
    const body = Buffer.concat([Buffer.from(type), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  });
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...parts]);
}
