// Correlation of a plane with the outer product of two odd-sized kernels, each symmetric or antisymmetric.
import { ArgumentError } from '@hovernet/core';
import { planeSize, realElements, wrapPlane, type Float64Map, type RealMap } from './planes.js';

/** A kernel by its middle and right half: tap +k has the weight `half[k]`, tap −k the same or (odd) the negative of it. */
export interface FoldedKernel {
  readonly half: Float64Array;
  readonly symmetry: 'even' | 'odd';
}

export interface FilterSeparableOptions {
  /** Kernel down the columns. */
  readonly vertical: FoldedKernel;
  /** Kernel along the rows. */
  readonly horizontal: FoldedKernel;
  /** Beyond the edge: `reflect` mirrors without repeating the edge pixel (as often as needed), `zero` is 0. */
  readonly border: 'reflect' | 'zero';
}

/** Fills `row` with row `y` of a plane; called for y = 0, 1, … in turn. */
export type ReadRow = (row: Float64Array, y: number) => void;

/**
 * `[height, width]` correlation of `plane` (a positive tap looks ahead), float64 sums. An odd kernel gives exactly 0 where the
 * plane does not change along it.
 */
export function filterSeparable(plane: RealMap, options: FilterSeparableOptions): Float64Map {
  const [height, width] = planeSize('filterSeparable', plane);
  const source = realElements(plane);
  const result = new Float64Array(height * width);
  filterRows(result, (row, y) => row.set(source.subarray(y * width, (y + 1) * width)), [height, width], options);
  return wrapPlane(result, height, width);
}

/** Kernel that is the same on both sides of its middle. @throws ArgumentError without a middle. */
export function evenKernel(half: ArrayLike<number>): FoldedKernel {
  if (half.length === 0) throw new ArgumentError('evenKernel: expected at least the middle tap, got none');
  return { half: Float64Array.from(half), symmetry: 'even' };
}

/**
 * As {@link filterSeparable}, for a plane that is made row by row: only the rows under the vertical kernel are kept, and one
 * row of zeros.
 */
export function filterRows(
  result: Float64Array,
  readRow: ReadRow,
  [height, width]: readonly [height: number, width: number],
  { vertical, horizontal, border }: FilterSeparableOptions,
): void {
  const reach = vertical.half.length - 1;
  const radius = horizontal.half.length - 1;
  const kept = 2 * reach + 1;
  const rows = new Float64Array((kept + 1) * width);
  const rowOffsets = new Int32Array(kept);
  const line = new Float64Array(width + 2 * radius);
  const inner = line.subarray(radius, radius + width);
  const columns = Int32Array.from(line, (_, x) => resolveIndex(x - radius, width, border));
  const columnOffsets = Int32Array.from({ length: 2 * radius + 1 }, (_, tap) => tap);
  let read = 0;
  for (let y = 0; y < height && width > 0; y++) {
    for (; read < height && read <= y + reach; read++) {
      const slot = (read % kept) * width;
      readRow(rows.subarray(slot, slot + width), read);
    }
    for (let tap = 0; tap < kept; tap++) {
      const row = resolveIndex(y + tap - reach, height, border);
      rowOffsets[tap] = (row < 0 ? kept : row % kept) * width;
    }
    sumTaps(inner, rows, rowOffsets, vertical);
    extendLine(line, columns, radius, width);
    sumTaps(result.subarray(y * width, (y + 1) * width), line, columnOffsets, horizontal);
  }
}

/** Index inside [0, length) that stands for `index`, or −1 for a zero. */
export function resolveIndex(index: number, length: number, border: 'reflect' | 'zero'): number {
  if (index >= 0 && index < length) return index;
  if (border === 'zero') return -1;
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const folded = ((index % period) + period) % period;
  return folded < length ? folded : period - folded;
}

/** Fills the ends of `line` beyond its inner part. */
function extendLine(line: Float64Array, columns: Int32Array, radius: number, width: number): void {
  for (let k = 0; k < radius; k++) {
    const left = columns[k]!;
    const right = columns[radius + width + k]!;
    line[k] = left < 0 ? 0 : line[radius + left]!;
    line[radius + width + k] = right < 0 ? 0 : line[radius + right]!;
  }
}

/** target[x] = Σ weight(tap) · source[offsets[tap] + x], two pairs of opposite taps in one sweep. */
function sumTaps(target: Float64Array, source: Float64Array, offsets: Int32Array, kernel: FoldedKernel): void {
  const { half, symmetry } = kernel;
  const middle = half[0]!;
  let from = offsets[half.length - 1]!;
  for (let x = 0; x < target.length; x++) target[x] = middle * source[from++]!;
  for (let k = 1; k < half.length; k += 2) {
    if (symmetry === 'even') addEvenPairs(target, source, offsets, half, k);
    else addOddPairs(target, source, offsets, half, k);
  }
}

/** Adds the pairs ±k and ±(k + 1); beyond the kernel the latter is the middle with weight 0. */
function addEvenPairs(
  target: Float64Array,
  source: Float64Array,
  offsets: Int32Array,
  half: Float64Array,
  k: number,
): void {
  const radius = half.length - 1;
  const next = k < radius ? k + 1 : 0;
  const near = half[k]!;
  const far = next === 0 ? 0 : half[next]!;
  const [a, b] = [offsets[radius + k]!, offsets[radius - k]!];
  const [c, d] = [offsets[radius + next]!, offsets[radius - next]!];
  for (let x = 0; x < target.length; x++) {
    target[x]! += near * (source[a + x]! + source[b + x]!) + far * (source[c + x]! + source[d + x]!);
  }
}

function addOddPairs(
  target: Float64Array,
  source: Float64Array,
  offsets: Int32Array,
  half: Float64Array,
  k: number,
): void {
  const radius = half.length - 1;
  const next = k < radius ? k + 1 : 0;
  const near = half[k]!;
  const far = next === 0 ? 0 : half[next]!;
  const [a, b] = [offsets[radius + k]!, offsets[radius - k]!];
  const [c, d] = [offsets[radius + next]!, offsets[radius - next]!];
  for (let x = 0; x < target.length; x++) {
    target[x]! += near * (source[a + x]! - source[b + x]!) + far * (source[c + x]! - source[d + x]!);
  }
}
