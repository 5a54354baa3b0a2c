// DICOM files written by pydicom (fixtures/make-dicom.py): every pixel is what was written, or what libjpeg-turbo decodes.
import { readFileSync } from 'node:fs';
import { toContiguous } from '@hovernet/core';
import { readNpy } from '@hovernet/files/node';
import { hasReference, referencePath, workspacePath } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { openSlide } from '../../src/node.js';
import type { SlideReader } from '../../src/slide-reader.js';

const fixtures = workspacePath('packages/slides/test/fixtures');
const readPixels = async (name: string) => (await readNpy(`${fixtures}/${name}.npy`)).data as Uint8Array;

async function readLevel(slide: SlideReader, level = 0) {
  const { width, height } = slide.levels[level]!;
  return toContiguous(await slide.readRegion(level, [0, 0, width, height]));
}

async function readWhole(name: string) {
  const slide = await openSlide(`${fixtures}/dicom/${name}`);
  const pixels = await readLevel(slide);
  await slide.close();
  return pixels;
}

describe('DICOM', () => {
  it.each(['pyramid', 'pyramid/level-1.dcm'])('a pyramid of several instances is opened by %s', async (name) => {
    const slide = await openSlide(`${fixtures}/dicom/${name}`);
    expect(slide).toMatchObject({ format: 'dicom', vendor: 'House of tests', mpp: [0.5, 0.5], associated: ['label'] });
    expect(slide.levels.map(({ width, height, tilePx }) => [width, height, tilePx])).toEqual([
      [60, 50, [32, 24]],
      [30, 25, [32, 24]],
    ]);
    const whole = await readPixels('tiff/pixels');
    expect(await readLevel(slide)).toEqual(whole);
    const half = await readLevel(slide, 1);
    expect(half).toEqual(
      half.map((_, i) => whole[(2 * Math.floor(i / 90) * 60 + 2 * Math.floor((i % 90) / 3)) * 3 + (i % 3)]!),
    );
    expect((await slide.readAssociated('label')).shape).toEqual([24, 32, 3]);
    await slide.close();
  });

  it('is refused where a part of it is missing', async () => {
    const part = new Blob([readFileSync(`${fixtures}/dicom/concatenation/1.dcm`)]);
    await expect(openSlide(part)).rejects.toThrow('incomplete: 2 of 6 tiles are there');
  });

  it('is opened from blobs', async () => {
    const blobs = [1, 2].map((part) => new Blob([readFileSync(`${fixtures}/dicom/concatenation/${part}.dcm`)]));
    const slide = await openSlide(blobs);
    expect(await readLevel(slide)).toEqual(await readPixels('tiff/pixels'));
    await slide.close();
  });

  it.each(['planes.dcm', 'concatenation', 'jpeg2000.dcm'])('%s has the pixels that were written', async (name) => {
    expect(await readWhole(name)).toEqual(await readPixels('tiff/pixels'));
  });

  it.each(['sparse.dcm', 'sparse-implicit.dcm'])('%s is white where it has no tile', async (name) => {
    const whole = await readPixels('tiff/pixels');
    const expected = whole.map((value, i) => {
      const [y, x] = [Math.floor(i / 180), Math.floor((i % 180) / 3)];
      return x >= 32 && y >= 24 && y < 48 ? 255 : value;
    });
    expect(await readWhole(name)).toEqual(expected);
  });

  it.each(['jpeg.dcm', 'jpeg-called-rgb.dcm'])('%s has the pixels of libjpeg-turbo', async (name) => {
    expect(await readWhole(name)).toEqual(await readPixels('dicom/jpeg'));
  });

  it.skipIf(!hasReference('data/wsi/small_dicom.dcm'))(
    'a file that says RGB of YCbCr frames is read by its frames',
    async () => {
      const slide = await openSlide(referencePath('data/wsi/small_dicom.dcm'));
      expect(slide).toMatchObject({ mpp: null, levels: [{ width: 3236, height: 2638, tilePx: [500, 500] }] });
      const region = await slide.readRegion(0, [400, 400, 1100, 900]);
      const means = [0, 1, 2].map(
        (k) => region.data.filter((_, i) => i % 3 === k).reduce((a, b) => a + b, 0) / (region.size / 3),
      );
      // Tissue and glass: no channel is far above the others, as chroma taken for colour would be.
      expect(Math.max(...means) - Math.min(...means)).toBeLessThan(80);
      await slide.close();
    },
  );
});
