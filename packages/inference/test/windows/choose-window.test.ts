import { outputSize, resolveConfig } from '@hovernet/model';
import { countWindows, planWindows } from '@hovernet/transforms';
import { describe, expect, it } from 'vitest';
import { chooseWindows, estimateWindowBytes } from '../../src/windows/choose-window.js';

const base = resolveConfig();
const gigabyte = 2 ** 30;

function computed(windowPx: number, height: number, width: number): number {
  const size = { input: windowPx, output: outputSize(base, windowPx) };
  return countWindows(planWindows(height, width, size)) * windowPx ** 2;
}

describe('chooseWindows', () => {
  it('takes the whole tile at once where memory allows', () => {
    const windowPx = chooseWindows(base, 64 * gigabyte, 256)(1000, 1000);
    expect(outputSize(base, windowPx)).toBeGreaterThanOrEqual(1000);
    expect(computed(windowPx, 1000, 1000)).toBeLessThan(0.4 * computed(256, 1000, 1000));
  });

  it('keeps within the memory', () => {
    for (const memory of [2, 4, 8, 16]) {
      const windowPx = chooseWindows(base, memory * gigabyte, 256)(1000, 1000);
      expect(estimateWindowBytes(base, windowPx)).toBeLessThanOrEqual(memory * gigabyte);
      expect(computed(windowPx, 1000, 1000)).toBeLessThanOrEqual(computed(256, 1000, 1000));
    }
  });

  it('takes the standard window where nothing larger fits', () => {
    expect(chooseWindows(base, 0, 256)(1000, 1000)).toBe(256);
  });

  it('takes the standard window for an image that fits into it', () => {
    expect(chooseWindows(base, 64 * gigabyte, 256)(100, 120)).toBe(256);
  });

  it('gives images of similar sizes the same window', () => {
    const choose = chooseWindows(base, 64 * gigabyte, 256);
    expect(choose(990, 1000)).toBe(choose(1000, 985));
  });

  it('takes one window for a tile at half resolution, which needs a quarter of the memory', () => {
    const lite = resolveConfig({ preset: 'lite' });
    expect(chooseWindows(lite, 8 * gigabyte, 256)(1000, 1000)).toBe(1024);
    const full = { ...lite, stemStride: 1 } as const;
    expect(estimateWindowBytes(lite, 1024) * 4).toBe(estimateWindowBytes(full, 1024));
  });

  it('fits the mode original', () => {
    const original = resolveConfig({ mode: 'original' });
    const windowPx = chooseWindows(original, 8 * gigabyte, 270)(500, 500);
    expect(() => outputSize(original, windowPx)).not.toThrow();
    expect(windowPx).toBeGreaterThan(270);
  });
});
