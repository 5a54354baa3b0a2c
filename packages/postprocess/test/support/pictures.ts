// Small maps drawn as text, and random ones.
import type { LabelMap } from '@hovernet/core';
import fc from 'fast-check';
import ndarray from 'ndarray';
import type { Mask } from '../../src/planes.js';

/** Mask of rows of text; everything but `.` is inside. */
export function drawMask(...rows: string[]): Mask {
  const data = Uint8Array.from(rows.join(''), (character) => (character === '.' ? 0 : 1));
  return ndarray(data, [rows.length, rows[0]?.length ?? 0]);
}

/** Labels of rows of text: digits are labels, `.` is background. */
export function drawLabels(...rows: string[]): LabelMap {
  const data = Int32Array.from(rows.join(''), (character) => (character === '.' ? 0 : Number(character)));
  return ndarray(data, [rows.length, rows[0]?.length ?? 0]);
}

/** Rows of text of a mask (`#`, `.`) or of labels (digits, `.`). */
export function showMap(map: Mask | LabelMap): string[] {
  const [height, width] = map.shape as [number, number];
  const symbol = (value: number) => (value === 0 ? '.' : map.data instanceof Uint8Array ? '#' : String(value));
  return Array.from({ length: height }, (_, y) =>
    Array.from(map.data.subarray(y * width, (y + 1) * width), symbol).join(''),
  );
}

/** Masks of up to 12 × 12 pixels, also empty ones, sparse to dense. */
export const randomMasks: fc.Arbitrary<Mask> = fc
  .record({ height: fc.nat(12), width: fc.nat(12), density: fc.double({ min: 0.1, max: 0.9, noNaN: true }) })
  .chain(({ height, width, density }) =>
    fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: height * width, maxLength: height * width })
      .map((draws) =>
        ndarray(
          Uint8Array.from(draws, (draw) => (draw < density ? 1 : 0)),
          [height, width],
        ),
      ),
  );

/** Neighbours inside the plane of pixel `i`: above, left, right, below, then the corners. */
export function neighboursOf(i: number, height: number, width: number, connectivity: 4 | 8): number[] {
  const x = i % width;
  const y = Math.floor(i / width);
  const steps = [
    [0, -1],
    [-1, 0],
    [1, 0],
    [0, 1],
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
  ].slice(0, connectivity);
  return steps
    .map(([dx, dy]) => [x + dx!, y + dy!] as const)
    .filter(([nx, ny]) => nx >= 0 && ny >= 0 && nx < width && ny < height)
    .map(([nx, ny]) => ny * width + nx);
}

/** Components found by plain flood fill, labelled in raster order. */
export function labelByFlooding(mask: Mask, connectivity: 4 | 8): Int32Array {
  const [height, width] = mask.shape as [number, number];
  const labels = new Int32Array(height * width);
  let count = 0;
  for (let start = 0; start < labels.length; start++) {
    if (mask.data[start] === 0 || labels[start] !== 0) continue;
    labels[start] = ++count;
    const open = [start];
    while (open.length > 0) {
      for (const next of neighboursOf(open.pop()!, height, width, connectivity)) {
        if (mask.data[next] === 0 || labels[next] !== 0) continue;
        labels[next] = count;
        open.push(next);
      }
    }
  }
  return labels;
}
