// TIFF files written by tifffile (fixtures/make-tiff.py): every pixel is what was written, or what libjpeg-turbo decodes.
import { existsSync } from 'node:fs';
import { toContiguous } from '@hovernet/core';
import { readNpy } from '@hovernet/files/node';
import { workspacePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { openSlide } from '../../src/node.js';

const folder = workspacePath('packages/slides/test/fixtures/tiff');
const hasSharp = await import('sharp').then(
  () => true,
  () => false,
);

async function readWhole(name: string, level = 0) {
  const slide = await openSlide(`${folder}/${name}`);
  try {
    const { width, height } = slide.levels[level]!;
    return { slide, pixels: toContiguous(await slide.readRegion(level, [0, 0, width, height])) };
  } finally {
    await slide.close();
  }
}

const readPixels = async (name: string) => (await readNpy(`${folder}/${name}.npy`)).data as Uint8Array;
/** The green channel as grey. */
const toGrey = (rgb: Uint8Array) => rgb.map((_, i) => rgb[3 * Math.floor(i / 3) + 1]!);

describe('TIFF', () => {
  it.each([
    'tiled-none', 'tiled-lzw', 'tiled-deflate', 'tiled-packbits', 'tiled-zstd', 'lzw-predictor', 'strips-deflate-big-endian',
    'bigtiff-strips', 'bigtiff-big-endian', 'planar', 'alpha', 'wide', 'wide-big-endian', 'jpeg2000', 'pyramid', 'pyramid.ome',
  ])('%s has the pixels that were written', async (name) => {
    expect((await readWhole(`${name}.tif`)).pixels).toEqual(await readPixels('pixels'));
  }); // prettier-ignore

  it.skipIf(!hasSharp)('webp-lossless has them, if sharp is installed', async () => {
    expect((await readWhole('webp-lossless.tif')).pixels).toEqual(await readPixels('pixels'));
  });

  it.each(['grey', 'white-is-zero', 'palette'])('%s has them in grey', async (name) => {
    expect((await readWhole(`${name}.tif`)).pixels).toEqual(toGrey(await readPixels('pixels')));
  });

  it('grey-1-bit is black and white', async () => {
    const expected = toGrey(await readPixels('pixels')).map((value) => (value > 128 ? 255 : 0));
    expect((await readWhole('grey-1-bit.tif')).pixels).toEqual(expected);
  });

  it.each(['jpeg-ycbcr', 'jpeg-rgb', 'jpeg-grey'])('%s has the pixels of libjpeg-turbo', async (name) => {
    expect(existsSync(`${folder}/${name}.npy`)).toBe(true);
    const expected = await readPixels(name);
    const { pixels } = await readWhole(`${name}.tif`);
    expect(pixels).toEqual(name === 'jpeg-grey' ? pixels.map((_, i) => expected[Math.floor(i / 3)]!) : expected);
  });

  it('a JPEG file is read as one level', async () => {
    const { slide, pixels } = await readWhole('photograph.jpg');
    expect(slide).toMatchObject({ format: 'jpeg', mpp: null, levels: [{ width: 60, height: 50, tilePx: [60, 50] }] });
    expect(pixels).toEqual(await readPixels('photograph'));
  });

  it.each(['pyramid.tif', 'pyramid.ome.tif'])('%s is a pyramid with a resolution', async (name) => {
    const { slide, pixels } = await readWhole(name, 2);
    expect(slide.mpp).toEqual([0.5, 0.5]);
    expect(slide.levels.map(({ width, height }) => [width, height])).toEqual([[60, 50], [30, 25], [15, 13]]); // prettier-ignore
    const whole = await readPixels('pixels');
    const expected = pixels.map((_, i) => {
      const [y, x, channel] = [Math.floor(i / 45), Math.floor((i % 45) / 3), i % 3];
      return whole[(4 * y * 60 + 4 * x) * 3 + channel]!;
    });
    expect(pixels).toEqual(expected);
  });

  it.each([
    ['float', 'a TIFF of floats'],
    ['cmyk', 'a TIFF whose colours are CMYK'],
    ['seven-channels', 'a TIFF of 7 channels, which are no grey image'],
    ['lerc', 'its TIFF compression 34887 is not read'],
  ])('%s is refused by name', async (name, problem) => {
    const refused = readWhole(`${name}.tif`);
    await expect(refused).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await expect(refused).rejects.toThrow(`${name}.tif: ${problem}; convert it to an RGB TIFF of 8 bits`);
  });
});
