import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { createRgbImage } from '@hovernet/core';
import { describe, it } from 'vitest';
import { decodePng, encodePng, readImage } from '../../src/node.js';
import { readPngSamples } from '../../src/png/node/read-image.js';
import { findSharp } from '../../src/png/node/sharp.js';
import { decodeDamagedCopies } from '../damaged-files.js';
import { fromBase64, readFixture, temporaryFolder } from '../helpers.js';
import { encodeKind } from './encode-kind.js';

const image = encodePng(
  createRgbImage(
    6,
    5,
    Uint8Array.from({ length: 90 }, (_, i) => (i * 37) % 256),
  ),
);
const palette = encodeKind(
  { colorType: 3, bitDepth: 4, interlaced: true },
  { width: 5, height: 4, samples: Array.from({ length: 20 }, (_, i) => i % 3), palette: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
);
const decoders = (await findSharp()) ? (['pngjs', 'sharp'] as const) : (['pngjs'] as const);

describe.each(decoders)('damaged images by %s', (decoder) => {
  const decode = (bytes: Uint8Array, source: string) => readPngSamples(bytes, source, { decoder });

  it('give an image or an error that names the file', async () => {
    await decodeDamagedCopies(image, decode);
  });

  it('do so also where the checksums fit the damage', async () => {
    for (const bytes of [image, palette]) {
      await decodeDamagedCopies(bytes, (damaged, source) => decode(repairChecksums(damaged), source));
    }
  });

  it('do so also where the pixels are damaged before they are packed', async () => {
    // Rows of six pixels, each after its filter.
    const rows = Buffer.alloc(5 * 19, 1);
    await decodeDamagedCopies(rows, (damaged, source) => decode(replacePixels(image, deflateSync(damaged)), source));
  });
});

describe('damaged JPEG and TIFF', () => {
  it.skipIf(decoders.length < 2)('give an image or an error that names the file', async () => {
    const path = join(temporaryFolder(), 'damaged.file');
    for (const { base64 } of readFixture<{ base64: string }[]>('images.json')) {
      await decodeDamagedCopies(
        fromBase64(base64),
        async (bytes) => {
          writeFileSync(path, bytes);
          await readImage(path);
        },
        1 / 4,
      );
    }
  });
});

it('decodes in memory what it reads from files', async () => {
  await decodeDamagedCopies(image, (damaged, source) => decodePng(damaged, source));
});

function repairChecksums(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes);
  for (let at = 8; at + 12 <= buffer.length;) {
    const end = at + 12 + buffer.readUInt32BE(at);
    if (end > buffer.length) break;
    buffer.writeUInt32BE(crc32(buffer.subarray(at + 4, end - 4)), end - 4);
    at = end;
  }
  return buffer;
}

function replacePixels(png: Uint8Array, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write('IDAT', 4, 'latin1');
  chunk.set(data, 8);
  // Signature and header take 33 bytes, the end 12.
  return repairChecksums(Buffer.concat([png.subarray(0, 33), chunk, png.subarray(-12)]));
}
