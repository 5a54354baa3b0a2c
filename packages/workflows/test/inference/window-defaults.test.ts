import { resolveConfig } from '@hovernet/model';
import { describe, expect, it } from 'vitest';
import { openPadding, openWindow } from '../../src/inference/window-defaults.js';

const full = resolveConfig({ preset: 'tiny' });
const half = resolveConfig({ preset: 'lite' });

describe('what the configuration leaves to the network', () => {
  it('is that of the bundle for networks of its resolution, and one mirrored window for those of half', () => {
    expect(openWindow({ patchSizePx: 256, windowPx: null }, full)).toBe(256);
    expect(openPadding('auto', full)).toBe('zero');
    const choose = openWindow({ patchSizePx: 256, windowPx: null }, half) as (height: number, width: number) => number;
    expect(choose(300, 290)).toBe(320);
    expect(openPadding('auto', half)).toBe('mirror');
  });

  it('is what it says otherwise', () => {
    expect(openWindow({ patchSizePx: 256, windowPx: 320 }, half)).toBe(320);
    expect(openWindow({ patchSizePx: 256, windowPx: 'auto' }, full)).toBeTypeOf('function');
    for (const network of [full, half]) {
      expect(openPadding('zero', network)).toBe('zero');
      expect(openPadding('mirror', network)).toBe('mirror');
    }
  });

  it('must fit the network', () => {
    expect(() => openWindow({ patchSizePx: 256, windowPx: 100 }, half)).toThrow(/window_size/);
    expect(() => openWindow({ patchSizePx: 100, windowPx: null }, half)).toThrow(/patch_size/);
  });
});
