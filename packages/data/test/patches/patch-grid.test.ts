import { ArgumentError } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listPatchOrigins } from '../../src/patches/patch-grid.js';
import { cutPatch, reflectIndex } from '../../src/patches/cut-patch.js';

describe('listPatchOrigins', () => {
  it('gives 49 patches of a CoNSeP tile', () => {
    const origins = listPatchOrigins(1000, 1000, { type: 'mirror', patchSize: [540, 540], step: [164, 164] });
    expect(origins).toHaveLength(49);
    expect(origins[0]).toEqual([-188, -188]);
    expect(origins.at(-1)).toEqual([648, 648]);
  });

  it('goes by regular rows, the extra row, the extra column, the corner', () => {
    expect(listPatchOrigins(7, 8, { type: 'valid', patchSize: [3, 3], step: [3, 3] })).toEqual([
      ...[0, 3].flatMap((y) => [0, 3].map((x) => [y, x])),
      [4, 0],
      [4, 3],
      [0, 5],
      [3, 5],
      [4, 5],
    ]);
  });

  it('needs no extra row where the step fits', () => {
    expect(listPatchOrigins(6, 6, { type: 'valid', patchSize: [4, 4], step: [2, 2] })).toHaveLength(4);
  });

  it('says that a tile is too small', () => {
    const grid = { patchSize: [540, 540], step: [164, 164] } as const;
    expect(() => listPatchOrigins(150, 164, { ...grid, type: 'mirror' })).toThrow(
      "patch grid: the tile's height of 150 px is smaller than 164 px, the step; choose a smaller one",
    );
    expect(() => listPatchOrigins(1000, 539, { ...grid, type: 'valid' })).toThrow('width of 539 px');
  });

  it('refuses a step larger than the patch', () => {
    expect(() => listPatchOrigins(9, 9, { type: 'valid', patchSize: [3, 3], step: [4, 3] })).toThrow(ArgumentError);
  });

  it('covers every pixel of the tile with the centres of mirrored patches', () => {
    const sides = fc.record({ length: fc.integer({ min: 1, max: 60 }), step: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(sides, fc.integer({ min: 0, max: 30 }), ({ length, step }, margin) => {
        fc.pre(length >= step);
        const grid = { type: 'mirror', patchSize: [step + margin, step + margin], step: [step, step] } as const;
        const covered = new Set<number>();
        for (const [y] of listPatchOrigins(length, length, grid)) {
          for (let i = 0; i < step; i++) covered.add(y + Math.floor(margin / 2) + i);
        }
        expect([...covered].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
      }),
    );
  });
});

describe('cutPatch', () => {
  it('reflects beyond the border without repeating the edge', () => {
    const data = Int32Array.of(1, 2, 3, 4, 5, 6);
    const target = { data: new Int32Array(20), height: 4, width: 5 };
    cutPatch({ data, height: 2, width: 3, channels: 1 }, [-1, -1], target);
    expect([...target.data]).toEqual([5, 4, 5, 6, 5, 2, 1, 2, 3, 2, 5, 4, 5, 6, 5, 2, 1, 2, 3, 2]);
  });

  it('reflects again and again where the tile is small, and repeats a single pixel', () => {
    expect([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5].map((i) => reflectIndex(i, 3))).toEqual([
      1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1,
    ]);
    expect(reflectIndex(-7, 1)).toBe(0);
  });
});
