// Pixels of the convex hull of a nucleus.
import type { ShapeMask } from '../shapes/shape-mask.js';

/**
 * Number of pixels whose centres lie inside or on the convex hull of the midpoints of all pixel edges, as scikit-image's
 * `convex_hull_image`. Exact: coordinates are doubled to be integers.
 */
export function countHullPixels({ width, height, bits }: ShapeMask): number {
  const left: number[] = [];
  const right: number[] = [];
  const stride = width + 2;
  // On each half row the outermost midpoints: those of the row's own pixels, or of the rows above and below.
  let above: readonly [number, number] | null = null;
  for (let y = 0; y <= height; y++) {
    const row = y < height ? endsOf(bits, (y + 1) * stride + 1, width) : null;
    const between = above && row ? [Math.min(above[0], row[0]), Math.max(above[1], row[1])] : (above ?? row);
    if (between) {
      extend(left, 2 * between[0]!, 2 * y - 1, 1);
      extend(right, 2 * between[1]!, 2 * y - 1, -1);
    }
    if (row) {
      extend(left, 2 * row[0] - 1, 2 * y, 1);
      extend(right, 2 * row[1] + 1, 2 * y, -1);
    }
    above = row;
  }
  let count = 0;
  let [l, r] = [0, 0];
  for (let y = 0; y < height; y++) {
    while (left[l + 3]! < 2 * y) l += 2;
    while (right[r + 3]! < 2 * y) r += 2;
    count += Math.floor(crossing(right, r, 2 * y) / 2) - Math.ceil(crossing(left, l, 2 * y) / 2) + 1;
  }
  return count;
}

/** First and last column of the nucleus in a row; null where there is none. */
function endsOf(bits: Uint8Array, start: number, width: number): readonly [number, number] | null {
  let first = 0;
  while (first < width && bits[start + first] === 0) first++;
  if (first === width) return null;
  let last = width - 1;
  while (bits[start + last] === 0) last--;
  return [first, last];
}

/** Appends a point below the others to one side of the hull; `side` is 1 for the left one. */
function extend(chain: number[], x: number, y: number, side: 1 | -1): void {
  for (let n = chain.length; n >= 4; n = chain.length) {
    const ax = chain[n - 4]!;
    const ay = chain[n - 3]!;
    if (side * ((chain[n - 2]! - ax) * (y - ay) - (chain[n - 1]! - ay) * (x - ax)) < 0) break;
    chain.pop();
    chain.pop();
  }
  chain.push(x, y);
}

/** Column of the chain on row `y`, on the segment from `at`. */
function crossing(chain: readonly number[], at: number, y: number): number {
  const [ax, ay, bx, by] = [chain[at]!, chain[at + 1]!, chain[at + 2]!, chain[at + 3]!];
  // One division of integers: what lies on the hull's edge is not lost to rounding.
  return (ax * (by - ay) + (y - ay) * (bx - ax)) / (by - ay);
}
