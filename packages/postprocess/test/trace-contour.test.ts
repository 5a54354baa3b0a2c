import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceContour } from '../src/describe-nuclei.js';
import { drawLabels, drawMask, labelByFlooding, neighboursOf, randomMasks } from './support/pictures.js';

const trace = (...rows: string[]) => {
  const labels = drawLabels(...rows);
  return traceContour(
    labels,
    labels.data.findIndex((label) => label > 0),
  );
};

describe('traceContour', () => {
  it('keeps the corners of a rectangle, down its left side first', () => {
    expect(trace('....', '.11.', '.11.', '.11.')).toEqual([
      [1, 1],
      [1, 3],
      [2, 3],
      [2, 1],
    ]);
  });

  it('is one point for a pixel and two for a line', () => {
    expect(trace('...', '.1.', '...')).toEqual([[1, 1]]);
    expect(trace('111')).toEqual([
      [0, 0],
      [2, 0],
    ]);
    expect(trace('1..', '.1.', '..1')).toEqual([
      [0, 0],
      [2, 2],
    ]);
  });

  it('passes twice through a pixel that joins two parts', () => {
    expect(trace('.1.', '1.1', '.1.')).toEqual([
      [1, 0],
      [0, 1],
      [1, 2],
      [2, 1],
    ]);
    expect(trace('1.1', '.1.')).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [1, 1],
    ]);
  });

  it('follows the outer border only', () => {
    expect(trace('111', '1.1', '111')).toEqual([
      [0, 0],
      [0, 2],
      [2, 2],
      [2, 0],
    ]);
  });

  it('stays within its label', () => {
    expect(trace('112', '112')).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
    ]);
  });

  it('refuses a start on background or outside', () => {
    const labels = drawLabels('.1');
    for (const start of [0, 2, -1, 0.5]) expect(() => traceContour(labels, start)).toThrow('raster index');
  });

  it('visits exactly the pixels of a component that border on its outside', () => {
    fc.assert(
      fc.property(randomMasks, (mask) => {
        const [height, width] = mask.shape as [number, number];
        const labels = labelByFlooding(mask, 8);
        const map = drawLabels(...Array.from({ length: height }, () => '.'.repeat(width)));
        map.data.set(labels);
        for (let label = 1; labels.includes(label); label++) {
          const visited = new Set(walk(traceContour(map, labels.indexOf(label))).map(([x, y]) => y * width + x));
          expect([...visited].sort((a, b) => a - b)).toEqual(findOuterBorder(labels, label, height, width));
        }
      }),
    );
  });
});

/** All pixels on the closed polygon. */
function walk(contour: readonly (readonly [number, number])[]): [number, number][] {
  return contour.flatMap(([x0, y0], n) => {
    const [x1, y1] = contour[(n + 1) % contour.length]!;
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
    return Array.from({ length: steps }, (_, k): [number, number] => [
      x0 + (k * (x1 - x0)) / steps,
      y0 + (k * (y1 - y0)) / steps,
    ]);
  });
}

/** Pixels of `label` beside (4) the part of the rest of the framed plane that is connected (4) to its frame. */
function findOuterBorder(labels: Int32Array, label: number, height: number, width: number): number[] {
  const row = (y: number) =>
    `.${Array.from(labels.subarray(y * width, (y + 1) * width), (l) => (l === label ? '#' : '.')).join('')}.`;
  const blank = '.'.repeat(width + 2);
  const framed = drawMask(blank, ...Array.from({ length: height }, (_, y) => row(y)), blank);
  const outside = labelByFlooding(
    { ...framed, data: framed.data.map((value) => 1 - value), shape: framed.shape } as never,
    4,
  );
  const border: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    const inFrame = (Math.floor(i / width) + 1) * (width + 2) + (i % width) + 1;
    const touches = neighboursOf(inFrame, height + 2, width + 2, 4).some((n) => outside[n] === 1);
    if (labels[i] === label && touches) border.push(i);
  }
  return border;
}
