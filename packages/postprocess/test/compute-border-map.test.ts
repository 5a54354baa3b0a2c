import { createHoverMaps } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { computeBorderMap } from '../src/compute-border-map.js';
import { drawMask } from './support/pictures.js';

describe('computeBorderMap', () => {
  const mask = drawMask(...Array.from({ length: 12 }, () => '####################'));

  it('is 1 where the horizontal map falls from one nucleus to the next', () => {
    const hv = createHoverMaps(12, 20);
    for (let y = 0; y < 12; y++) {
      for (let x = 0; x < 20; x++) {
        hv.set(0, y, x, ((x % 10) - 4.5) / 4.5);
        hv.set(1, y, x, (y - 5.5) / 5.5);
      }
    }
    const border = computeBorderMap(hv, mask, { kernelSize: 5 });
    expect(Math.max(border.get(6, 9), border.get(6, 10))).toBe(1);
    expect(border.get(6, 4)).toBeLessThan(0.1);
  });

  it('is 1 in the whole mask and 0 outside where a map is constant', () => {
    const part = drawMask('##..', '##..');
    expect([...computeBorderMap(createHoverMaps(2, 4), part).data]).toEqual([1, 1, 0, 0, 1, 1, 0, 0]);
  });

  it('refuses maps of another size', () => {
    expect(() => computeBorderMap(createHoverMaps(3, 4), mask)).toThrow('hoverMaps: expected [12, 20], got [3, 4]');
  });
});
