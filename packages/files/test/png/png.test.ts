import { join } from 'node:path';
import { createRgbImage, FileError, flipView } from '@hovernet/core';
import { countDifferences } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { decodePng, encodePng, readPng, writePng } from '../../src/node.js';
import { fromBase64, readFixture, samples, temporaryFolder } from '../helpers.js';

const cases = readFixture<{ title: string; base64: string; pixels: number[] }[]>('png.json');

describe('png', () => {
  it.each(cases)('reads $title as Pillow does', ({ base64, pixels }) => {
    const image = decodePng(fromBase64(base64), 'case.png');
    expect(image.shape).toEqual([5, 7, 3]);
    expect([...image.data]).toEqual(pixels);
  });

  it('reads what it wrote, views included', async () => {
    const path = join(temporaryFolder(), 'image.png');
    const image = createRgbImage(2, 2, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    await writePng(path, flipView(image, 0));
    expect([...(await readPng(path)).data]).toEqual([7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]);
  });

  it('reads an H&E sample', async () => {
    const image = await readPng(join(samples, 'Train/Images/train_1.png'));
    expect(image.shape).toEqual([256, 256, 3]);
    expect(countDifferences(decodePng(encodePng(image), 'again').data, image.data)).toBe(0);
  });

  it('refuses what is no PNG, cut off or changed', () => {
    const bytes = encodePng(createRgbImage(9, 9));
    expect(() => decodePng(Buffer.from('GIF89a and more'), 'a.png')).toThrow('a.png: not a PNG');
    expect(() => decodePng(bytes.subarray(0, bytes.length - 20), 'a.png')).toThrow('a.png: truncated PNG');
    const changed = Uint8Array.from(bytes);
    changed[45]! ^= 1;
    expect(() => decodePng(changed, 'a.png')).toThrow('a.png: damaged PNG (checksum of IDAT differs)');
  });

  it('refuses a size that the data cannot fill, before memory is taken', () => {
    const bytes = Buffer.from(encodePng(createRgbImage(1, 1)));
    bytes.writeUInt32BE(60_000, 16);
    bytes.writeUInt32BE(60_000, 20);
    expect(() => decodePng(bytes, 'bomb.png')).toThrow(FileError);
  });
});
