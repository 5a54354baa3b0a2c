// Parts of a mask in which several markers compete, so that only a flood can tell who gets which pixel.
import type { Box } from '@hovernet/core';
import type { Foreground } from './foreground.js';
import type { RunComponents } from './runs.js';

/** In place of a component's label: several markers compete for it. */
export const contested = -1;

/** One contested component, or several of them. */
export interface Region {
  readonly box: Box;
  /** Its runs in the foreground, in raster order, and the row of each. */
  readonly runs: readonly number[];
  readonly rows: readonly number[];
}

/**
 * The contested components. Those that leave most of their boxes empty are flooded together in one region: boxes of rings
 * around each other, one for each, would hold far more pixels than the plane.
 */
export function listContested(
  foreground: Foreground,
  { component, count }: RunComponents,
  labelOf: Int32Array,
): Region[] {
  const { height, rowOffset, start, end } = foreground;
  const regions: (GrowingRegion | undefined)[] = new Array<undefined>(count);
  for (let y = 0; y < height; y++) {
    for (let run = rowOffset[y]!; run < rowOffset[y + 1]!; run++) {
      const own = component[run]!;
      if (labelOf[own] !== contested) continue;
      growRegion((regions[own] ??= createRegion()), run, y, start[run]!, end[run]!);
    }
  }
  const found = regions.filter((region) => region !== undefined);
  const sparse = found.filter((region) => boxArea(region.box) > 16 * region.pixels);
  if (sparse.length < 2) return found;
  return [...found.filter((region) => boxArea(region.box) <= 16 * region.pixels), mergeRegions(sparse)];
}

interface GrowingRegion extends Region {
  readonly box: [number, number, number, number];
  readonly runs: number[];
  readonly rows: number[];
  pixels: number;
}

function createRegion(): GrowingRegion {
  return { box: [Infinity, Infinity, 0, 0], runs: [], rows: [], pixels: 0 };
}

function growRegion(region: GrowingRegion, run: number, y: number, start: number, end: number): void {
  const { box, runs, rows } = region;
  runs.push(run);
  rows.push(y);
  region.pixels += end - start;
  box[0] = Math.min(box[0], start);
  box[1] = Math.min(box[1], y);
  box[2] = Math.max(box[2], end);
  box[3] = Math.max(box[3], y + 1);
}

function boxArea([x0, y0, x1, y1]: Box): number {
  return (x1 - x0) * (y1 - y0);
}

function mergeRegions(regions: readonly Region[]): Region {
  const runs = regions.flatMap((region) => region.runs);
  const rows = regions.flatMap((region) => region.rows);
  const order = Array.from(runs.keys()).sort((a, b) => runs[a]! - runs[b]!);
  const edge = (side: number, choose: (a: number, b: number) => number) =>
    regions.map(({ box }) => box[side]!).reduce(choose);
  const least = (a: number, b: number) => Math.min(a, b);
  const most = (a: number, b: number) => Math.max(a, b);
  return {
    box: [edge(0, least), edge(1, least), edge(2, most), edge(3, most)],
    runs: order.map((k) => runs[k]!),
    rows: order.map((k) => rows[k]!),
  };
}
