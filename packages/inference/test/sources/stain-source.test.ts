import { createRgbImage, type Box, type ImageSource } from '@hovernet/core';
import { scaleDensities } from '@hovernet/transforms';
import { expect, it, vi } from 'vitest';
import { createMemorySource } from '../../src/sources/memory-source.js';
import { measureStains, stainSource } from '../../src/sources/stain-source.js';

const image = createRgbImage(
  60,
  70,
  Uint8Array.from({ length: 60 * 70 * 3 }, (_, i) => 40 + ((i * 53) % 150)),
);
const reference = [0.2, 0.3, 0.25] as const;

/** A white source that notes what is read of it. */
function createSlide(width: number, height: number, hasTissue?: (box: Box) => boolean) {
  const boxes: Box[] = [];
  const source: ImageSource = {
    width,
    height,
    mpp: 0.25,
    read: (box) => {
      boxes.push(box);
      const [x0, y0, x1, y1] = box;
      return Promise.resolve(createRgbImage(y1 - y0, x1 - x0, new Uint8Array(3 * (x1 - x0) * (y1 - y0)).fill(255)));
    },
    close: () => Promise.resolve(),
  };
  return { boxes, source: hasTissue ? { ...source, hasTissue, toSlide: (point: unknown) => point } : source };
}

it('measures the tissue of an image and says what its densities are multiplied by', async () => {
  const stains = (await measureStains(createMemorySource(image), { reference, gain: 'full' }))!;
  expect(stains.reference).toEqual(reference);
  stains.gains.forEach((gain, channel) => {
    expect(gain * stains.density[channel]!).toBeCloseTo(reference[channel]!, 12);
  });
  const half = (await measureStains(createMemorySource(image), { reference, gain: 'half' }))!;
  half.gains.forEach((gain, channel) => expect(gain).toBeCloseTo((1 + stains.gains[channel]!) / 2, 12));
});

it('has nothing to say of glass', async () => {
  expect(await measureStains(createSlide(500, 500).source, { reference, gain: 'full' })).toBeNull();
});

it('reads at most 64 parts of a large image, spread over its tissue', async () => {
  const { boxes, source } = createSlide(40_000, 30_000, ([x0]) => x0 >= 20_000);
  await measureStains(source, { reference, gain: 'full' });
  expect(boxes).toHaveLength(64);
  expect(Math.min(...boxes.map(([x0]) => x0))).toBeGreaterThanOrEqual(20_000);
  expect(Math.max(...boxes.map(([, y0]) => y0))).toBeGreaterThan(29_000);
});

it('changes pixels alike in whatever boxes they are read, and closes what it reads', async () => {
  const source = createMemorySource(image);
  const close = vi.spyOn(source, 'close');
  const stained = stainSource(source, [0.5, 1.2, 2]);
  const whole = scaleDensities(image, [0.5, 1.2, 2]);
  const part = await stained.read([10, 20, 30, 25]);
  for (let y = 0; y < 5; y++) for (let x = 0; x < 20; x++) expect(part.get(y, x, 1)).toBe(whole.get(20 + y, 10 + x, 1));
  await stained.close();
  expect(close).toHaveBeenCalledOnce();
});
