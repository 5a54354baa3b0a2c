import { ArgumentError, createLabelMap } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { computeHoverMaps } from '../src/index.js';
import { labelMapOf, rowsOf } from './maps.js';

const threeNuclei = [
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0, 1, 1, 1, 0, 0, 0, 0],
  [0, 1, 1, 1, 0, 2, 0, 0],
  [0, 1, 1, 1, 0, 2, 0, 0],
  [0, 1, 1, 0, 0, 2, 0, 0],
  [0, 0, 0, 0, 0, 2, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 3],
];

describe('computeHoverMaps', () => {
  it('measures distances from the mean, −1 and 1 at the edges, 0 along an extent of one pixel', () => {
    const maps = computeHoverMaps(labelMapOf(threeNuclei)).data;
    const h = 1 / 12;
    const third = 1 / 3;
    const expected = [
      ...[
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, -1, h, 1, 0, 0, 0, 0],
        [0, -1, h, 1, 0, 0, 0, 0],
        [0, -1, h, 1, 0, 0, 0, 0],
        [0, -1, h, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
      ].flat(),
      ...[
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, -1, -1, -1, 0, 0, 0, 0],
        [0, -4 / 15, -4 / 15, -4 / 15, 0, -1, 0, 0],
        [0, 7 / 18, 7 / 18, 7 / 18, 0, -third, 0, 0],
        [0, 1, 1, 0, 0, third, 0, 0],
        [0, 0, 0, 0, 0, 1, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
      ].flat(),
    ];
    expect(maxDifference(maps, expected).value).toBeLessThan(1e-6);
  });

  it('computes a region as a part of the whole', () => {
    const map = labelMapOf(threeNuclei);
    const whole = computeHoverMaps(map);
    const part = computeHoverMaps(map, { region: [2, 1, 6, 4] });
    expect(part.shape).toEqual([2, 3, 4]);
    for (const channel of [0, 1]) {
      const rows = rowsOf(whole.data, 8, channel, 7).slice(1, 4);
      expect(rowsOf(part.data, 4, channel, 3)).toEqual(rows.map((row) => row.slice(2, 6)));
    }
  });

  it('treats separate pieces of one id as one nucleus', () => {
    const maps = computeHoverMaps(labelMapOf([[5, 0, 0, 5]]));
    expect(rowsOf(maps.data, 4, 0, 1)).toEqual([[-1, 0, 0, 1]]);
  });

  it('accepts ids with gaps up to the largest int32', () => {
    const maps = computeHoverMaps(labelMapOf([[2_147_483_647, 2_147_483_647, 12]]));
    expect(rowsOf(maps.data, 3, 0, 1)).toEqual([[-1, 1, 0]]);
  });

  it('gives zeros for a map without nuclei', () => {
    expect(computeHoverMaps(createLabelMap(3, 4)).data.every((value) => value === 0)).toBe(true);
  });

  it('refuses a region outside the field', () => {
    expect(() => computeHoverMaps(createLabelMap(3, 4), { region: [0, 0, 5, 3] })).toThrow(ArgumentError);
  });
});

describe('computeHoverMaps as hover_net', () => {
  const options = { reference: 'hover_net', minimumAreaPx: 1 } as const;

  it('puts the zero one pixel left of and above the rounded mean', () => {
    const maps = computeHoverMaps(labelMapOf([[4, 4, 4, 4, 4]]), options);
    expect(rowsOf(maps.data, 5, 0, 1)[0]!.map((value) => Number(value.toFixed(3)))).toEqual([-1, 0, 0.333, 0.667, 1]);
    expect(rowsOf(maps.data, 5, 1, 1)).toEqual([[1, 1, 1, 1, 1]]);
  });

  it('splits pieces that touch only at a corner', () => {
    const maps = computeHoverMaps(
      labelMapOf([
        [1, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 1, 1],
      ]),
      options,
    );
    expect(rowsOf(maps.data, 6, 0, 2)).toEqual([
      [0, 0.5, 1, 0, 0, 0],
      [0, 0, 0, 0, 0.5, 1],
    ]);
  });

  it('leaves nuclei zero that have too few pixels inside the chosen centre', () => {
    const rows = [
      [2, 2, 2, 2],
      [0, 0, 0, 0],
      [0, 7, 7, 0],
      [0, 7, 7, 0],
    ];
    const maps = computeHoverMaps(labelMapOf(rows), { reference: 'hover_net', choiceSizePx: 2, minimumAreaPx: 2 });
    expect(rowsOf(maps.data, 4, 0, 4)[0]).toEqual([0, 0, 0, 0]);
    expect(rowsOf(maps.data, 4, 0, 4)[2]).not.toEqual([0, 0, 0, 0]);
    const strict = computeHoverMaps(labelMapOf(rows), { reference: 'hover_net', choiceSizePx: 2, minimumAreaPx: 3 });
    expect(strict.data.every((value) => value === 0)).toBe(true);
  });
});

it('costs the same for few nuclei as for many on the same pixels', () => {
  const size = 540;
  const squares = (side: number) =>
    createLabelMap(
      size,
      size,
      Int32Array.from({ length: size * size }, (_, i) => {
        const [row, column] = [Math.floor(i / size / side), Math.floor((i % size) / side)];
        return 1 + row * Math.ceil(size / side) + column;
      }),
    );
  const leastCpu = (side: number) => {
    const map = squares(side);
    const times = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      computeHoverMaps(map);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return Math.min(...times);
  };
  // 16 against 2,916 nuclei; a scan of the field for each of them would take 182 times as long.
  expect(leastCpu(10) / leastCpu(135)).toBeLessThan(20);
});
