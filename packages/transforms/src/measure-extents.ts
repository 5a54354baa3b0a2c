// Centre and bounds of every nucleus of a label map, in one pass over its runs.
import type { Box } from '@hovernet/core';
import { scanRuns } from './scan-runs.js';

/** Where a nucleus lies; rows and columns of its pixels, bounds included. */
export interface Extents {
  readonly centerRow: number;
  readonly centerColumn: number;
  readonly rowMin: number;
  readonly rowMax: number;
  readonly columnMin: number;
  readonly columnMax: number;
}

/** Extents by id of `labels` `[height, width]`; the centre is the exact mean. O(pixels). */
export function measureExtents(labels: Int32Array, height: number, width: number): Map<number, Extents> {
  const sums = new Map<number, ExtentSums>();
  scanRuns(labels, width, [0, 0, width, height], (row, start, end, id) => {
    let entry = sums.get(id);
    if (!entry) sums.set(id, (entry = new ExtentSums(row, start)));
    entry.addRun(row, start, end);
  });
  const extents = new Map<number, Extents>();
  for (const [id, entry] of sums) extents.set(id, entry.finish());
  return extents;
}

/** Pixels by id inside `box`. O(pixels of the box). */
export function countAreas(labels: Int32Array, width: number, box: Box): Map<number, number> {
  const areas = new Map<number, number>();
  scanRuns(labels, width, box, (_row, start, end, id) => areas.set(id, (areas.get(id) ?? 0) + end - start));
  return areas;
}

class ExtentSums {
  private area = 0;
  private rowSum = 0;
  private columnSum = 0;
  private readonly rowMin: number;
  private rowMax: number;
  private columnMin: number;
  private columnMax: number;

  constructor(row: number, column: number) {
    this.rowMin = row;
    this.rowMax = row;
    this.columnMin = column;
    this.columnMax = column;
  }

  addRun(row: number, start: number, end: number): void {
    const length = end - start;
    this.area += length;
    this.rowSum += row * length;
    this.columnSum += ((start + end - 1) * length) / 2;
    this.rowMax = row;
    if (start < this.columnMin) this.columnMin = start;
    if (end - 1 > this.columnMax) this.columnMax = end - 1;
  }

  finish(): Extents {
    const { rowMin, rowMax, columnMin, columnMax } = this;
    const centerRow = this.rowSum / this.area;
    return { centerRow, centerColumn: this.columnSum / this.area, rowMin, rowMax, columnMin, columnMax };
  }
}
