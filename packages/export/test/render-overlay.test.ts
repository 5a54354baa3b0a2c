import { createRgbImage, type Point, type RgbImage } from '@hovernet/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderOverlay } from '../src/index.js';

const classes = [
  { id: 1, name: 'one', color: [255, 0, 0] },
  { id: 2, name: 'two', color: [0, 0, 255] },
] as const;

const letters: Record<string, string> = { '0,0,0': '.', '255,0,0': 'r', '0,0,255': 'b', '0,255,0': 'g', '9,9,9': 'x' };

/** One letter a pixel: the colour of the line, a dot for the untouched black image. */
function showPixels(image: RgbImage): string[] {
  const [height, width] = image.shape as [number, number];
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => letters[[0, 1, 2].map((c) => image.get(y, x, c)).join()] ?? '?').join(''),
  );
}

const square: Point[] = [
  [2, 2],
  [5, 2],
  [5, 4],
  [2, 4],
];
const diamond: Point[] = [
  [3, 1],
  [5, 3],
  [3, 5],
  [1, 3],
];

function draw(contour: readonly Point[], thicknessPx?: number, type: number | null = 1): string[] {
  const options = thicknessPx === undefined ? {} : { thicknessPx };
  return showPixels(renderOverlay(createRgbImage(7, 8), [{ contour, type }], classes, options));
}

describe('renderOverlay', () => {
  it('draws one pixel on either side of the edge by default', () => {
    expect(draw(square)).toEqual(['........', '..rrrr..', '.rrrrrr.', '.rr..rr.', '.rrrrrr.', '..rrrr..', '........']);
  });

  it('draws diagonals as wide as straight lines', () => {
    expect(draw(diamond)).toEqual(['...r....', '..rrr...', '.rr.rr..', 'rr...rr.', '.rr.rr..', '..rrr...', '...r....']);
  });

  it('draws the contour itself at a width of one', () => {
    expect(draw(diamond, 1)).toEqual([
      '........',
      '...r....',
      '..r.r...',
      '.r...r..',
      '..r.r...',
      '...r....',
      '........',
    ]);
  });

  it('draws on both sides of the contour at a width of three', () => {
    expect(
      draw(
        [
          [2, 2],
          [5, 2],
        ],
        3,
      ),
    ).toEqual(['........', '.rrrrrr.', '.rrrrrr.', '.rrrrrr.', '........', '........', '........']);
  });

  it('joins vertices of any slope by 8-connected lines', () => {
    expect(
      draw(
        [
          [0, 0],
          [7, 3],
        ],
        1,
      ),
    ).toEqual(['rr......', '..rr....', '....rr..', '......rr', '........', '........', '........']);
  });

  it('cuts off what leaves the image', () => {
    expect(
      draw(
        [
          [-3, -3],
          [2, -3],
          [2, 2],
          [-3, 2],
        ],
        1,
      ),
    ).toEqual(['..r.....', '..r.....', 'rrr.....', '........', '........', '........', '........']);
  });

  it('draws contours of one vertex, and passes over empty ones', () => {
    expect(
      draw([[3, 2]])
        .join('')
        .replaceAll('.', ''),
    ).toBe('r');
    expect(draw([]).join('').replaceAll('.', '')).toBe('');
  });

  it('takes the colour of the class, or the fallback', () => {
    const nuclei = [1, 2, 0, null].map((type, row) => ({ type, contour: [[0, row] as Point] }));
    const image = createRgbImage(4, 1);
    expect(showPixels(renderOverlay(image, nuclei, classes))).toEqual(['r', 'b', 'g', 'g']);
    expect(showPixels(renderOverlay(image, nuclei, classes, { fallbackColor: [9, 9, 9] }))).toEqual([
      'r',
      'b',
      'x',
      'x',
    ]);
  });

  it('leaves the image as it is, also where it is a view', () => {
    const view = createRgbImage(5, 6).hi(3, 3, 3);
    const overlay = renderOverlay(view, [{ contour: [[1, 1]], type: 1 }], classes);
    expect(showPixels(view)).toEqual(['...', '...', '...']);
    expect(showPixels(overlay)).toEqual(['...', '.r.', '...']);
  });

  it('refuses a width that is no positive integer and images that are not RGB', () => {
    for (const thicknessPx of [0, 1.5, NaN]) expect(() => draw(square, thicknessPx)).toThrow('thicknessPx');
    expect(() => renderOverlay(createRgbImage(2, 2).pick(null, null, 0), [], classes)).toThrow('RGB image');
  });

  it('draws the same whichever way the contour runs', () => {
    const contours = fc
      .record({
        x: fc.integer({ min: 3, max: 5 }),
        y: fc.integer({ min: 2, max: 4 }),
        r: fc.integer({ min: 1, max: 3 }),
      })
      .map(({ x, y, r }): Point[] => [
        [x, y - r],
        [x + r, y],
        [x, y + r],
        [x - r, y],
      ]);
    fc.assert(
      fc.property(contours, fc.integer({ min: 1, max: 5 }), (contour, thicknessPx) => {
        expect(draw(contour.toReversed(), thicknessPx)).toEqual(draw(contour, thicknessPx));
      }),
    );
  });
});
