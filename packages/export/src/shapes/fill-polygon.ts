// The pixels of outlines, as runs: whole rows of pixels from one column to before another.
import type { Box } from '@hovernet/core';

/** Row, first column and one past the last column of each run, one after the other; rows ascend. */
export type Runs = readonly number[];

/** Corners x, y, x, y, …; the last is joined to the first. */
type Vertices = ArrayLike<number>;

/**
 * Pixels whose centres lie inside an odd number of `rings`, which follow pixel edges: pixel (x, y) is the square from corner
 * (x, y) to (x + 1, y + 1).
 */
export function fillEdges(rings: readonly Vertices[]): Runs {
  return fillRows(rings, 0.5, () => undefined);
}

/** Pixels inside or on a contour that goes through the centres of pixels, as OpenCV traces and fills it. */
export function fillContour(contour: Vertices): Runs {
  return fillRows([contour], 0, (add) => {
    for (let i = 0, j = contour.length - 2; i < contour.length; j = i, i += 2) {
      const [fromX, fromY] = [contour[j]!, contour[j + 1]!];
      const [dx, dy] = [contour[i]! - fromX, contour[i + 1]! - fromY];
      const steps = Math.max(1, Math.round(Math.max(Math.abs(dx), Math.abs(dy))));
      for (let step = 0; step <= steps; step++) {
        const x = Math.round(fromX + (dx * step) / steps);
        add(Math.round(fromY + (dy * step) / steps), x, x + 1);
      }
    }
  });
}

/** The smallest box that holds all of `runs`; null where there are none. */
export function boundRuns(runs: Runs): Box | null {
  if (runs.length === 0) return null;
  let [x0, x1] = [Infinity, -Infinity];
  for (let i = 0; i < runs.length; i += 3) {
    x0 = Math.min(x0, runs[i + 1]!);
    x1 = Math.max(x1, runs[i + 2]!);
  }
  return [x0, runs[0]!, x1, runs.at(-3)! + 1];
}

/** Where runs are gathered. */
type AddRun = (y: number, from: number, to: number) => void;

/** Rows are met at y + `phase`, columns at x + `phase`. `addMore` gives runs beside those of the interior. */
function fillRows(rings: readonly Vertices[], phase: number, addMore: (add: AddRun) => void): Runs {
  let [top, bottom] = [Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 2) {
      top = Math.min(top, ring[i]!);
      bottom = Math.max(bottom, ring[i]!);
    }
  }
  if (!(top <= bottom)) return [];
  const first = Math.floor(top);
  const rows = Array.from({ length: Math.ceil(bottom) - first + 1 }, (): number[] => []);
  const crossings = rows.map((): number[] => []);
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
      addCrossings(crossings, ring, [j, i], first + phase);
  }
  crossings.forEach((row, index) => {
    row.sort((a, b) => a - b);
    for (let i = 0; i + 1 < row.length; i += 2) {
      const [from, to] = [Math.ceil(row[i]! - phase), Math.ceil(row[i + 1]! - phase)];
      if (from < to) rows[index]!.push(from, to);
    }
  });
  addMore((y, from, to) => rows[y - first]!.push(from, to));
  return rows.flatMap((row, index) => joinRuns(row, first + index));
}

/** Adds where the edge between two vertices crosses the lines y = `origin` + row; of an edge's ends the upper one counts. */
function addCrossings(rows: number[][], ring: Vertices, [j, i]: readonly [number, number], origin: number): void {
  const isDown = ring[j + 1]! < ring[i + 1]!;
  const [a, b] = isDown ? [j, i] : [i, j];
  const [ax, ay, bx, by] = [ring[a]!, ring[a + 1]!, ring[b]!, ring[b + 1]!];
  for (let row = Math.ceil(ay - origin); row < by - origin; row++)
    rows[row]!.push(ax + ((row + origin - ay) * (bx - ax)) / (by - ay));
}

/** Pairs of ends in any order as runs of row `y` that neither meet nor overlap. */
function joinRuns(pairs: readonly number[], y: number): number[] {
  if (pairs.length === 2) return [y, pairs[0]!, pairs[1]!];
  const order = Array.from({ length: pairs.length / 2 }, (_, index) => 2 * index).sort((a, b) => pairs[a]! - pairs[b]!);
  const runs: number[] = [];
  for (const at of order) {
    const [from, to] = [pairs[at]!, pairs[at + 1]!];
    if (runs.length > 0 && from <= runs.at(-1)!) runs[runs.length - 1] = Math.max(runs.at(-1)!, to);
    else runs.push(y, from, to);
  }
  return runs;
}
