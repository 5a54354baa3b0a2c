// Masks as horizontal runs of equal pixels: a row of an H&E mask has few of them, so that labelling, hole filling and
// morphology cost little more than one look at every pixel.

/** Runs in raster order: run r covers the columns [start[r], end[r]); row y has the runs rowOffset[y] … rowOffset[y + 1] − 1. */
export interface Runs {
  readonly rowOffset: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
}

/** Which neighbours touch: 4 (sides) or 8 (sides and corners). */
export type Connectivity = 4 | 8;

/** Connected runs: `component[r]` counts from 0 in raster order of the components' first pixels. */
export interface RunComponents {
  readonly component: Int32Array;
  readonly count: number;
}

/** All runs of pixels whose being non-zero equals `inside`. */
export function findRuns(mask: Uint8Array, height: number, width: number, inside: boolean): Runs {
  const words = wordsOf(mask);
  const rowOffset = new Int32Array(height + 1);
  let start = new Int32Array(8 * height);
  let end = new Int32Array(8 * height);
  let run = 0;
  for (let y = 0; y < height; y++) {
    rowOffset[y] = run;
    // A row has at most one run for every two pixels.
    if (run + width / 2 + 1 > start.length) {
      start = extend(start, width);
      end = extend(end, width);
    }
    const row = y * width;
    const next = row + width;
    for (let i = row; i < next;) {
      i = inside ? skipZeros(mask, words, i, next) : skipNonZeros(mask, i, next);
      if (i === next) break;
      start[run] = i - row;
      i = inside ? skipNonZeros(mask, i, next) : skipZeros(mask, words, i, next);
      end[run++] = i - row;
    }
  }
  rowOffset[height] = run;
  return { rowOffset, start: start.subarray(0, run), end: end.subarray(0, run) };
}

/** Joins touching runs of adjacent rows by union–find; the root of a component is its first run. */
export function connectRuns(runs: Runs, connectivity: Connectivity): RunComponents {
  const { rowOffset, start, end } = runs;
  const parent = new Int32Array(start.length);
  for (let run = 0; run < parent.length; run++) parent[run] = run;
  const reach = connectivity === 8 ? 1 : 0;
  for (let y = 1; y < rowOffset.length - 1; y++) {
    let above = rowOffset[y - 1]!;
    let here = rowOffset[y]!;
    const lastAbove = rowOffset[y]!;
    const lastHere = rowOffset[y + 1]!;
    while (above < lastAbove && here < lastHere) {
      if (start[above]! < end[here]! + reach && start[here]! < end[above]! + reach) join(parent, above, here);
      if (end[above]! < end[here]!) above++;
      else here++;
    }
  }
  return numberRoots(parent);
}

/** Number of pixels of each component. */
export function measureComponents(runs: Runs, components: RunComponents): Int32Array {
  const area = new Int32Array(components.count);
  for (let run = 0; run < runs.start.length; run++) {
    area[components.component[run]!]! += runs.end[run]! - runs.start[run]!;
  }
  return area;
}

/** Four pixels a word, aligned with pixel 0 of `mask`; undefined where its memory is not. */
function wordsOf(mask: Uint8Array): Int32Array | undefined {
  if (mask.byteOffset % 4 !== 0) return undefined;
  return new Int32Array(mask.buffer, mask.byteOffset, mask.length >> 2);
}

/** Index of the first pixel in [from, to) that is not 0; `to` if there is none. */
function skipZeros(mask: Uint8Array, words: Int32Array | undefined, from: number, to: number): number {
  let i = from;
  if (words) {
    while (i < to && (i & 3) !== 0 && mask[i] === 0) i++;
    if ((i & 3) === 0) while (i + 4 <= to && words[i >> 2] === 0) i += 4;
  }
  while (i < to && mask[i] === 0) i++;
  return i;
}

function skipNonZeros(mask: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && mask[i] !== 0) i++;
  return i;
}

function extend(values: Int32Array, atLeast: number): Int32Array<ArrayBuffer> {
  const extended = new Int32Array(2 * values.length + atLeast);
  extended.set(values);
  return extended;
}

function join(parent: Int32Array, first: number, second: number): void {
  const a = findRoot(parent, first);
  const b = findRoot(parent, second);
  if (a < b) parent[b] = a;
  else parent[a] = b;
}

function findRoot(parent: Int32Array, run: number): number {
  while (parent[run] !== run) {
    parent[run] = parent[parent[run]!]!;
    run = parent[run]!;
  }
  return run;
}

function numberRoots(parent: Int32Array): RunComponents {
  const component = new Int32Array(parent.length);
  let count = 0;
  for (let run = 0; run < parent.length; run++) {
    // A root comes before its members, so its number is known when they are met.
    component[run] = parent[run] === run ? count++ : component[findRoot(parent, run)]!;
  }
  return { component, count };
}
