import { createRgbImage } from '@hovernet/core';
import { hasReference, readReferenceJson } from '@hovernet/testing';
import { describe, expect, it } from 'vitest';
import { cutWindow } from '../../src/windows/cut-window.js';
import { createWindowMerger } from '../../src/windows/merge-windows.js';
import { countWindows, planWindows, windowOrigin } from '../../src/windows/plan-windows.js';

interface GoldenPlan {
  readonly image: [number, number];
  readonly padded: [number, number];
  readonly after_min_roi_pad: [number, number];
  readonly roi: number;
  readonly out: number;
  readonly windows: number;
  readonly row_starts: number[];
  readonly col_starts: number[];
  readonly window_index_average: { sum_float64: number; corner_values: number[]; row_mid: [number, number][] };
}

const golden = 'golden/window/windows.json';
const plans = hasReference(golden) ? readReferenceJson<Record<string, GoldenPlan>>(golden) : {};

describe.skipIf(Object.keys(plans).length === 0)('sliding windows equal the reference', () => {
  it.each(Object.entries(plans))('plans and merges %s', (_name, expected) => {
    const [height, width] = expected.image;
    const plan = planWindows(height, width, { input: expected.roi, output: expected.out });
    const shift = [0, 1].map((axis) => Math.floor((expected.after_min_roi_pad[axis]! - expected.padded[axis]!) / 2));
    expect(plan.rowStarts.map((start) => start + shift[0]!)).toEqual(expected.row_starts);
    expect(plan.columnStarts.map((start) => start + shift[1]!)).toEqual(expected.col_starts);
    expect(countWindows(plan)).toBe(expected.windows);

    const merger = createWindowMerger(plan, 1);
    const output = new Float32Array(expected.out ** 2);
    for (let index = 0; index < expected.windows; index++) merger.add(index, output.fill(index), 0);
    const merged = merger.finish();
    const average = expected.window_index_average;
    expect(merged.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(average.sum_float64, 1);
    const corners = [
      merged.get(0, 0, 0),
      merged.get(0, 0, width - 1),
      merged.get(0, height - 1, 0),
      merged.get(0, height - 1, width - 1),
    ];
    expect(corners).toEqual(average.corner_values);
    for (const [column, value] of average.row_mid) expect(merged.get(0, Math.floor(height / 2), column)).toBe(value);
  });
});

describe('sliding windows', () => {
  it('put outputs side by side where none overlaps, and take no more than the image has', () => {
    const plan = planWindows(5, 7, { input: 4, output: 4 });
    expect([plan.rowStarts, plan.columnStarts].map(({ length }) => length)).toEqual([2, 2]);
    const single = planWindows(5, 7, { input: 8, output: 8 });
    const values = Float32Array.from({ length: 2 * 64 + 3 }, (_, i) => i);
    const merger = createWindowMerger(single, 2);
    merger.add(0, values, 3);
    const { row, column } = windowOrigin(single, 0);
    const merged = merger.finish();
    for (const [channel, y, x] of [
      [0, 0, 0],
      [0, 4, 6],
      [1, 2, 3],
    ] as const) {
      expect(merged.get(channel, y, x)).toBe(3 + (channel * 8 + y - row) * 8 + x - column);
    }
  });

  it('starts windows at 0, 164, … and moves the last one back on a 1000-pixel side', () => {
    const plan = planWindows(1000, 1000, { input: 256, output: 164 });
    expect(plan.rowStarts).toEqual([0, 164, 328, 492, 656, 820, 836]);
    expect(countWindows(plan)).toBe(49);
    expect(windowOrigin(plan, 8)).toEqual({ row: 164, column: 164 });
  });

  it.each([
    [20, 30],
    [9, 41],
    [4, 3],
  ])('gives back an image of %i×%i cut into windows and merged', (height, width) => {
    const image = createRgbImage(
      height,
      width,
      Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 37) % 256),
    );
    const plan = planWindows(height, width, { input: 16, output: 8 });
    const merger = createWindowMerger(plan, 3);
    const planes = new Float32Array(3 * 256);
    for (let index = 0; index < countWindows(plan); index++) {
      cutWindow(image, plan, { index, planes, offset: 0 });
      const centre = new Float32Array(3 * 64);
      for (let c = 0; c < 3; c++) {
        for (let y = 0; y < 8; y++) {
          for (let x = 0; x < 8; x++) centre[(c * 8 + y) * 8 + x] = planes[(c * 16 + y + 4) * 16 + x + 4]!;
        }
      }
      merger.add(index, centre, 0);
    }
    const merged = merger.finish();
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < 3; c++) expect(merged.get(c, y, x)).toBeCloseTo(image.get(y, x, c) / 255, 6);
      }
    }
  });

  it('mirrors the image beyond its borders without repeating the edge pixel', () => {
    const image = createRgbImage(
      3,
      3,
      Uint8Array.from({ length: 27 }, (_, i) => Math.floor(i / 3) * 10),
    );
    const plan = planWindows(3, 3, { input: 7, output: 3 });
    const planes = new Float32Array(3 * 49);
    cutWindow(image, plan, { index: 0, planes, offset: 0, padding: 'mirror' });
    const firstRow = Array.from(planes.subarray(0, 7), (value) => Math.round(value * 255));
    expect(firstRow).toEqual([80, 70, 60, 70, 80, 70, 60]);
  });
});
