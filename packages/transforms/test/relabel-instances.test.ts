import { createLabelMap, createRgbImage, ShapeError, type LabelMap } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { relabelInstances } from '../src/index.js';
import { labelMapOf, rowsOf } from './maps.js';

const relabel = (rows: number[][], connectivity: 4 | 8 = 8) =>
  rowsOf(relabelInstances(labelMapOf(rows), { connectivity }).data, rows[0]!.length);

describe('relabelInstances', () => {
  it('separates pieces of one id and numbers them in raster order', () => {
    const rows = [
      [0, 9, 0, 0, 9],
      [0, 9, 0, 5, 0],
      [0, 0, 0, 5, 9],
    ];
    expect(relabel(rows)).toEqual([
      [0, 1, 0, 0, 2],
      [0, 1, 0, 3, 0],
      [0, 0, 0, 3, 4],
    ]);
  });

  it('joins across corners with 8 neighbours and not with 4', () => {
    const rows = [
      [7, 0, 7],
      [0, 7, 0],
    ];
    expect(relabel(rows)).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
    expect(relabel(rows, 4)).toEqual([
      [1, 0, 2],
      [0, 3, 0],
    ]);
  });

  it('does not join touching nuclei of different ids', () => {
    expect(relabel([[4, 4, 2, 2, 4]])).toEqual([[1, 1, 2, 2, 3]]);
  });

  it('joins arms that meet only further down', () => {
    const rows = [
      [1, 0, 1, 0, 1],
      [1, 0, 1, 0, 1],
      [1, 1, 1, 1, 1],
    ];
    expect(relabel(rows, 4)).toEqual(rows);
  });

  it('does not join across an empty row', () => {
    expect(relabel([[6], [0], [6]])).toEqual([[1], [0], [2]]);
  });

  it('reads views and leaves the input as it was', () => {
    const map = labelMapOf([[0, 5, 5, 0, 5]]);
    expect(Array.from(relabelInstances(map.lo(0, 2) as LabelMap).data)).toEqual([1, 0, 2]);
    expect(Array.from(map.data)).toEqual([0, 5, 5, 0, 5]);
  });

  it('gives an empty map for an empty map', () => {
    expect(Array.from(relabelInstances(createLabelMap(2, 2)).data)).toEqual([0, 0, 0, 0]);
  });

  it('refuses an image', () => {
    expect(() => relabelInstances(createRgbImage(2, 2) as never)).toThrow(ShapeError);
  });
});
