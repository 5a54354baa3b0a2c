import { createRandom, createRgbImage } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { measureColors, openRegionSource } from '../../src/node.js';
import { createMemorySlide } from '../support/memory-slide.js';

/** Noise about `center`, up to `reach` away. */
function paint(center: readonly number[], reach: number) {
  const random = createRandom(9);
  const data = Uint8Array.from(
    { length: 3 * 300 * 300 },
    (_, i) => center[i % 3]! - reach + random.integer(2 * reach + 1),
  );
  return createMemorySlide([createRgbImage(300, 300, data)], 0.5);
}

const options = { mpp: 0.5, tissue: 'everywhere' } as const;

describe('matched colours', () => {
  it.each(['rgb', 'density'] as const)('have the mean and deviation of the reference: %s', async (space) => {
    const reference = await measureColors(await openRegionSource(paint([150, 90, 160], 30), options), space);
    const matched = await openRegionSource(paint([200, 150, 190], 12), { ...options, colorMatch: reference! });
    const found = await measureColors(matched, space);
    const unit = space === 'rgb' ? 1 : 0.01;
    for (let k = 0; k < 3; k++) {
      expect(Math.abs(found!.mean[k]! - reference!.mean[k]!)).toBeLessThan(unit);
      expect(Math.abs(found!.deviation[k]! - reference!.deviation[k]!)).toBeLessThan(unit);
    }
  });

  it('leave what is outside white, and do not depend on the box', async () => {
    const colorMatch = { space: 'rgb', mean: [100, 100, 100], deviation: [5, 5, 5] } as const;
    const source = await openRegionSource(paint([200, 150, 190], 12), { ...options, colorMatch });
    const part = await source.read([-1, -1, 4, 4]);
    expect([part.get(0, 2, 0), part.get(3, 0, 2)]).toEqual([255, 255]);
    const inner = await source.read([0, 0, 4, 4]);
    expect(inner.get(2, 1, 1)).toBe(part.get(3, 2, 1));
  });

  it('stay as they are where there is no tissue', async () => {
    const slide = createMemorySlide([createRgbImage(50, 50, new Uint8Array(7500).fill(250))], 0.5);
    const colorMatch = { space: 'rgb', mean: [100, 100, 100], deviation: [5, 5, 5] } as const;
    const source = await openRegionSource(slide, { mpp: 0.5, colorMatch });
    expect((await source.read([0, 0, 1, 1])).data).toEqual(Uint8Array.of(250, 250, 250));
  });
});
