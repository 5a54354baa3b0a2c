// Binomial filters as cascades of sums of two neighbours. Their intermediate values stay in registers, so that a filter of
// 21 taps costs twenty additions and two loads and stores a pixel.

/** Elements values[from], values[from + stride], … before values[to]. */
export interface Line {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

/**
 * Replaces the elements of a line by the result of `passes` passes v[i] ← v[i] + v[i − 1], the last one with `sign` before
 * v[i − 1]: the correlation with row `passes` of Pascal's triangle (+1), or with [−1, 1] ∗ row `passes` − 1 (−1), of the
 * elements i − passes … i. The first `passes` results are no results: elements before the line count as 0. `passes`: even.
 */
export function addNeighbours(values: Float64Array, { from, to, stride }: Line, passes: number, sign: 1 | -1): void {
  let left = passes;
  for (; left > 10; left -= 10) addTenTimes(values, from, to, stride, 1);
  if (left === 10) {
    addTenTimes(values, from, to, stride, sign);
    return;
  }
  for (; left > 2; left -= 2) addTwice(values, from, to, stride, 1);
  if (left === 2) addTwice(values, from, to, stride, sign);
}

function addTwice(values: Float64Array, from: number, to: number, stride: number, sign: number): void {
  let a = 0;
  let b = 0;
  for (let i = from; i < to; i += stride) {
    const v = values[i]!;
    const w = v + a;
    a = v;
    values[i] = w + sign * b;
    b = w;
  }
}

/** Each letter is what one pass saw before. */
function addTenTimes(values: Float64Array, from: number, to: number, stride: number, sign: number): void {
  let [a, b, c, d, e] = [0, 0, 0, 0, 0];
  let [f, g, h, j, k] = [0, 0, 0, 0, 0];
  for (let i = from; i < to; i += stride) {
    let v = values[i]!;
    let w = v + a;
    a = v;
    v = w + b;
    b = w;
    w = v + c;
    c = v;
    v = w + d;
    d = w;
    w = v + e;
    e = v;
    v = w + f;
    f = w;
    w = v + g;
    g = v;
    v = w + h;
    h = w;
    w = v + j;
    j = v;
    values[i] = w + sign * k;
    k = w;
  }
}
