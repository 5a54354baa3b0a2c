import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMask } from '../src/open-mask.js';
import type { Mask } from '../src/planes.js';
import { drawMask, randomMasks, showMap } from './support/pictures.js';

const elements = {
  disk: drawMask('..#..', '.###.', '#####', '.###.', '..#..'),
  ellipse: drawMask('..#..', '#####', '#####', '#####', '..#..'),
};

describe('openMask', () => {
  it.each(['disk', 'ellipse'] as const)('keeps one %s of radius 2 and nothing smaller', (element) => {
    const picture = showMap(elements[element]).map((row) => `..${row}..`);
    const framed = drawMask('.........', ...picture, '.........');
    expect(showMap(openMask(framed, { element }))).toEqual(showMap(framed));
    framed.data[framed.data.indexOf(1)] = 0;
    expect(openMask(framed, { element }).data.every((value) => value === 0)).toBe(true);
  });

  it('cuts a thin bridge', () => {
    const mask = drawMask(...Array.from({ length: 5 }, (_, y) => (y === 2 ? '#############' : '#####...#####')));
    expect(showMap(openMask(mask))[2]).toBe('######.######');
  });

  it('does not erode from outside the plane', () => {
    const full = drawMask('###', '###');
    expect(showMap(openMask(full))).toEqual(['###', '###']);
  });

  it('changes nothing with radius 0, and refuses radii that are no whole numbers', () => {
    const mask = drawMask('#.#', '.#.');
    expect(showMap(openMask(mask, { radiusPx: 0 }))).toEqual(showMap(mask));
    expect(() => openMask(mask, { radiusPx: 1.5 })).toThrow('integer ≥ 0');
  });

  it.each(['disk', 'ellipse'] as const)(
    'erodes and dilates by the %s as its definition says, edge reflected',
    (element) => {
      fc.assert(
        fc.property(randomMasks, (mask) => {
          const expected = slide(slide(mask, elements[element], Math.min), elements[element], Math.max);
          expect(openMask(mask, { element }).data).toEqual(expected.data);
        }),
      );
    },
  );
});

/** Reduces the pixels under a 5 × 5 element; beyond the edge the plane is mirrored with its edge pixel repeated. */
function slide(mask: Mask, element: Mask, reduce: (...values: number[]) => number): Mask {
  const [height, width] = mask.shape as [number, number];
  const mirror = (index: number, length: number): number => {
    const folded = ((index % (2 * length)) + 2 * length) % (2 * length);
    return Math.min(folded, 2 * length - 1 - folded);
  };
  const result = drawMask(...Array.from({ length: height }, () => '.'.repeat(width)));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const under = [...element.data.keys()]
        .filter((tap) => element.data[tap] === 1)
        .map((tap) => mask.get(mirror(y + Math.floor(tap / 5) - 2, height), mirror(x + (tap % 5) - 2, width)));
      result.set(y, x, reduce(...under));
    }
  }
  return result;
}
