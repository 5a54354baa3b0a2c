import { createRandom, createRgbImage, toContiguous, type Box } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { openRegionSource } from '../../src/node.js';
import { createMemorySlide } from '../support/memory-slide.js';

const random = createRandom(3);
const noise = (height: number, width: number) =>
  createRgbImage(
    height,
    width,
    Uint8Array.from({ length: 3 * height * width }, () => random.integer(256)),
  );

describe('a slide at a wanted resolution', () => {
  const slide = createMemorySlide([noise(120, 160), noise(60, 80), noise(30, 40)], 0.25);
  const open = (mpp: number) => openRegionSource(slide, { mpp, tissue: 'everywhere' });

  it('is the level itself where there is one', async () => {
    const source = await open(0.5);
    expect([source.width, source.height, source.mpp]).toEqual([80, 60, 0.5]);
    expect((await source.read([3, 4, 50, 60])).data).toEqual((await slide.readRegion(1, [3, 4, 50, 60])).data);
  });

  it.each([0.1, 0.25, 0.3, 0.55, 1.7])(
    'has pixels that do not depend on how it is cut, white outside: %f µm',
    async (mpp) => {
      const source = await open(mpp);
      const [width, height] = [source.width + 20, source.height + 20];
      const whole = await source.read([-10, -10, width - 10, height - 10]);
      expect([whole.get(0, 0, 0), whole.get(height - 1, width - 1, 2), whole.get(9, 30, 1)]).toEqual([255, 255, 255]);
      for (let round = 0; round < 20; round++) {
        const [x0, y0] = [random.integer(width - 1), random.integer(height - 1)];
        const box: Box = [x0, y0, x0 + 1 + random.integer(width - x0), y0 + 1 + random.integer(height - y0)];
        const part = await source.read(box.map((side) => side - 10) as unknown as Box);
        expect(toContiguous(part)).toEqual(toContiguous(whole.lo(y0, x0).hi(box[3] - y0, box[2] - x0)));
      }
    },
  );

  it('says where its pixels lie on the slide', async () => {
    const source = await open(0.5);
    expect(source.toSlide([0, 0])).toEqual([0.5, 0.5]);
    expect(source.toSlide([79.5, -0.5])).toEqual([159.5, -0.5]);
  });

  it('asks for a resolution that nobody states', async () => {
    const unknown = createMemorySlide([noise(10, 10)]);
    await expect(openRegionSource(unknown, { mpp: 0.25 })).rejects.toThrow('memory: states no resolution from 0.05 to 10 µm per pixel; give --mpp'); // prettier-ignore
    const told = await openRegionSource(unknown, { mpp: 0.25, slideMpp: 0.5, tissue: 'everywhere' });
    expect([told.width, told.height]).toEqual([20, 20]);
  });
});
