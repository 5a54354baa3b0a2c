// Horizontal runs of equal ids: what relabelling and HoVer maps visit instead of pixels.
import type { Box } from '@hovernet/core';

/** Called for each maximal run of one non-zero id within a row: columns `start` (included) to `end` (excluded). */
export type VisitRun = (row: number, start: number, end: number, id: number) => void;

/**
 * Visits the runs of non-zero ids inside `box` in raster order. `labels` is `[height, width]` in C order. O(pixels).
 */
export function scanRuns(labels: Int32Array, width: number, box: Box, visit: VisitRun): void {
  const [x0, y0, x1, y1] = box;
  for (let row = y0; row < y1; row++) {
    const offset = row * width;
    let column = x0;
    while (column < x1) {
      const id = labels[offset + column]!;
      const start = column;
      do column++;
      while (column < x1 && labels[offset + column] === id);
      if (id !== 0) visit(row, start, column, id);
    }
  }
}
