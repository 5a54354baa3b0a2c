// Label maps for tests: drawn from rectangles, or random by fast-check.
import { createLabelMap, type LabelMap } from '@hovernet/core';
import fc from 'fast-check';

/** [id, first row, last row (excluded), first column, last column (excluded)] */
export type Rectangle = readonly [id: number, y0: number, y1: number, x0: number, x1: number];

export function drawRectangles(height: number, width: number, rectangles: readonly Rectangle[]): LabelMap {
  const map = createLabelMap(height, width);
  for (const [id, y0, y1, x0, x1] of rectangles) {
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) map.set(y, x, id);
  }
  return map;
}

/** The four true and five predicted rectangles whose metrics are known. */
export const knownTruth = drawRectangles(12, 12, [
  [1, 1, 5, 1, 5],
  [2, 1, 5, 6, 11],
  [3, 7, 11, 2, 7],
  [4, 7, 9, 9, 11],
]);
export const knownPrediction = drawRectangles(12, 12, [
  [1, 1, 5, 2, 6],
  [2, 1, 5, 6, 8],
  [3, 1, 5, 8, 11],
  [5, 7, 11, 2, 6],
  [7, 9, 12, 8, 12],
]);

/** Two random maps of the same size whose rectangles overlap; ids are distinct and have gaps. */
export const mapPairs: fc.Arbitrary<readonly [LabelMap, LabelMap]> = fc
  .record({ height: fc.integer({ min: 1, max: 12 }), width: fc.integer({ min: 1, max: 12 }) })
  .chain(({ height, width }) => fc.tuple(randomMap(height, width), randomMap(height, width)));

function randomMap(height: number, width: number): fc.Arbitrary<LabelMap> {
  const rectangle = fc
    .tuple(
      fc.integer({ min: 1, max: 2147483647 }),
      fc.integer({ min: 0, max: height - 1 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: width - 1 }),
      fc.integer({ min: 1, max: 5 }),
    )
    .map(([id, y, h, x, w]): Rectangle => [id, y, Math.min(y + h, height), x, Math.min(x + w, width)]);
  return fc
    .uniqueArray(rectangle, { maxLength: 8, selector: ([id]) => id })
    .map((rectangles) => drawRectangles(height, width, rectangles));
}
