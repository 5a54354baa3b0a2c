import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, FileError, UnsupportedError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodePng, encodePng, readImage, readPng } from '../../src/node.js';
import { readImageSamples, type ReadImageOptions } from '../../src/png/node/read-image.js';
import { findSharp } from '../../src/png/node/sharp.js';
import { fromBase64, readFixture, samples, temporaryFolder } from '../helpers.js';
import { channelsOf, encodeKind, pngKinds, type PngKind, type PngSource } from './encode-kind.js';

const hasSharp = (await findSharp()) !== undefined;
const [width, height] = [11, 9];
const colors = 16;
// What would change the pixels if it were honoured: a gamma of 1, a transparent colour.
const extra = [
  { type: 'gAMA', data: Uint8Array.of(0, 1, 0x86, 0xa0) },
  { type: 'tRNS', data: Uint8Array.of(0, 0, 0, 0, 0, 0) },
];

function drawSource({ colorType, bitDepth }: PngKind): PngSource {
  const random = createRandom(colorType * 100 + bitDepth);
  const count = width * height * channelsOf[colorType];
  const levels = colorType === 3 ? Math.min(colors, 2 ** bitDepth) : 2 ** bitDepth;
  const palette = Array.from({ length: 3 * levels }, () => random.integer(256));
  return {
    width,
    height,
    samples: Array.from({ length: count }, () => random.integer(levels)),
    ...(colorType === 3 ? { palette } : {}),
    ...(colorType === 0 || colorType === 2 ? { extra } : {}),
  };
}

/** What the file says, without a decoder. */
function expectedSamples({ colorType, bitDepth }: PngKind, { samples, palette }: PngSource): number[] {
  if (colorType === 3) return samples.flatMap((index) => palette!.slice(3 * index, 3 * index + 3));
  return bitDepth < 8 ? samples.map((value) => (value * 255) / (2 ** bitDepth - 1)) : [...samples];
}

const decoders = (['pngjs', 'sharp'] as const).filter((decoder) => decoder === 'pngjs' || hasSharp);

describe.each(decoders)('PNG by %s', (decoder) => {
  it.each(pngKinds)(
    'gives the stored samples of colour type $colorType, $bitDepth bits, interlaced $interlaced',
    async (kind) => {
      const source = drawSource(kind);
      const path = join(temporaryFolder(), 'kind.png');
      writeFileSync(path, encodeKind(kind, source));
      const { samples: stored } = await readImageSamples(path, { decoder });
      const channels = kind.colorType === 3 ? 3 : channelsOf[kind.colorType];
      expect(stored.shape).toEqual(channels === 1 ? [height, width] : [height, width, channels]);
      expect(stored.dtype).toBe(kind.bitDepth === 16 ? 'uint16' : 'uint8');
      expect(Array.from(stored.data)).toEqual(expectedSamples(kind, source));
      // As RGB: the rule for 16 bits is the same one.
      const rgb = await readPng(path, { decoder });
      expect(rgb.data).toEqual(decodePng(encodeKind(kind, source), path).data);
    },
  );
});

describe.skipIf(!hasSharp)('sharp', () => {
  it('gives the pixels of pngjs for an H&E image', async () => {
    const path = join(samples, 'Train/Images/train_1.png');
    const [fast, plain] = await Promise.all([readPng(path, { decoder: 'sharp' }), readPng(path, { decoder: 'pngjs' })]);
    expect(Buffer.compare(fast.data, plain.data)).toBe(0);
    expect(Buffer.compare((await readPng(path)).data, plain.data)).toBe(0);
  });

  it('reads JPEG and TIFF as Pillow does', async () => {
    for (const { title, name, base64, pixels } of readFixture<ImageCase[]>('images.json')) {
      const path = join(temporaryFolder(), name);
      writeFileSync(path, fromBase64(base64));
      const image = await readImage(path);
      expect(image.shape, title).toEqual([5, 7, 3]);
      // Decoders of JPEG may round the cosine transform and the colours otherwise, by a level each.
      const tolerance = name.endsWith('.jpg') ? 2 : 0;
      const differences = pixels.map((value, index) => Math.abs(value - image.data[index]!));
      expect(Math.max(...differences), title).toBeLessThanOrEqual(tolerance);
    }
  });

  it('lists JPEG and TIFF by their content, whatever they are called', async () => {
    const [jpeg] = readFixture<ImageCase[]>('images.json');
    const path = join(temporaryFolder(), 'photo.png');
    writeFileSync(path, fromBase64(jpeg!.base64));
    expect(await readImageSamples(path)).toMatchObject({
      format: 'jpeg',
      samples: { dtype: 'uint8', shape: [5, 7, 3] },
    });
  });

  it.each(['cut.jpg', 'cut.tif', 'cut.png'])('names the file that is cut off: %s', async (name) => {
    const cases = readFixture<ImageCase[]>('images.json');
    const whole = name.endsWith('.png')
      ? encodePng(await readImage(join(samples, 'Train/Images/train_1.png')))
      : undefined;
    const bytes = whole ?? fromBase64(cases.find((item) => item.name.endsWith(name.slice(3)))!.base64);
    const path = join(temporaryFolder(), name);
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const error = await readImage(path, { decoder: 'sharp' } satisfies ReadImageOptions).catch(
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message.startsWith(`${path}: `)).toBe(true);
  });

  it('refuses what is neither 8 nor 16 bits, and CMYK', async () => {
    for (const { title, name, base64 } of readFixture<ImageCase[]>('images-refused.json')) {
      const path = join(temporaryFolder(), name);
      writeFileSync(path, fromBase64(base64));
      await expect(readImage(path), title).rejects.toBeInstanceOf(UnsupportedError);
    }
  });
});

interface ImageCase {
  readonly title: string;
  readonly name: string;
  readonly base64: string;
  readonly pixels: readonly number[];
}
