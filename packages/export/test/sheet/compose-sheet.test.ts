import { createRgbImage } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { composeSheet, layOutSheet } from '../../src/sheet/compose-sheet.js';

const plain = (height: number, width: number, level: number) =>
  createRgbImage(height, width, new Uint8Array(height * width * 3).fill(level));

describe('layOutSheet', () => {
  it('puts pictures side by side, groups further apart, lower pictures in the middle of their row', () => {
    const group = [
      [100, 80],
      [40, 60],
    ] as const;
    const { widthPx, heightPx, corners } = layOutSheet([[group, group], [group]]);
    expect(corners).toEqual([
      [
        [
          [12, 12],
          [104, 42],
        ],
        [
          [200, 12],
          [292, 42],
        ],
      ],
      [
        [
          [12, 124],
          [104, 154],
        ],
      ],
    ]);
    expect([widthPx, heightPx]).toEqual([364, 236]);
  });
});

describe('composeSheet', () => {
  it('is white but for the pictures', () => {
    const sheet = composeSheet([[[plain(5, 4, 10), plain(3, 2, 20)]], [[plain(2, 6, 30)]]]);
    expect(sheet.shape).toEqual([12 + 5 + 12 + 2 + 12, 12 + 4 + 12 + 2 + 12, 3]);
    const count = (level: number) => sheet.data.filter((value) => value === level).length / 3;
    expect([count(10), count(20), count(30)]).toEqual([20, 6, 12]);
    expect(count(255)).toBe(sheet.size / 3 - 38);
    expect([sheet.get(12, 12, 0), sheet.get(13, 28, 1), sheet.get(29, 17, 2)]).toEqual([10, 20, 30]);
    expect(sheet.get(12, 28, 1)).toBe(255);
  });
});
