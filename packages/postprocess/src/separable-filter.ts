// Correlation of a plane with the outer product of two odd-sized kernels that are symmetric or antisymmetric, so that
// the two taps at the same distance from the middle cost one multiplication.
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

/** `[height, width]` correlation of `plane` (a positive tap looks ahead), float64 sums. */
export function filterSeparable(plane: RealMap, options: FilterSeparableOptions): Float64Map {
  const [height, width] = planeSize('filterSeparable', plane);
  const { vertical, horizontal, border } = options;
  const source = realElements(plane);
  const result = new Float64Array(height * width);
  const radius = horizontal.half.length - 1;
  const line = new Float64Array(width + 2 * radius);
  const columns = Int32Array.from({ length: width + 2 * radius }, (_, x) => resolve(x - radius, width, border));
  for (let y = 0; y < height && width > 0; y++) {
    const inner = line.subarray(radius, radius + width);
    sumRows(inner, source, y, height, vertical, border);
    extendLine(line, columns, radius, width);
    sumTaps(result.subarray(y * width, (y + 1) * width), line, horizontal);
  }
  return wrapPlane(result, height, width);
}

/** Kernel that is the same on both sides of its middle. @throws ArgumentError without a middle. */
export function evenKernel(half: ArrayLike<number>): FoldedKernel {
  if (half.length === 0) throw new ArgumentError('evenKernel: expected at least the middle tap, got none');
  return { half: Float64Array.from(half), symmetry: 'even' };
}

/** Index inside [0, length) that stands for `index`, or −1 for a zero. */
function resolve(index: number, length: number, border: 'reflect' | 'zero'): number {
  if (index >= 0 && index < length) return index;
  if (border === 'zero') return -1;
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const folded = ((index % period) + period) % period;
  return folded < length ? folded : period - folded;
}

/** line[x] = Σ weight(k) · source[y + k][x]. */
function sumRows(
  line: Float64Array,
  source: Float32Array | Float64Array,
  y: number,
  height: number,
  kernel: FoldedKernel,
  border: 'reflect' | 'zero',
): void {
  const width = line.length;
  const middle = kernel.half[0]!;
  for (let x = 0, i = y * width; x < width; x++) line[x] = middle * source[i++]!;
  for (let k = 1; k < kernel.half.length; k++) {
    const weight = kernel.half[k]!;
    addRow(line, source, resolve(y + k, height, border) * width, weight);
    addRow(line, source, resolve(y - k, height, border) * width, kernel.symmetry === 'odd' ? -weight : weight);
  }
}

function addRow(line: Float64Array, source: Float32Array | Float64Array, offset: number, weight: number): void {
  if (offset < 0) return;
  for (let x = 0; x < line.length; x++) line[x]! += weight * source[offset + x]!;
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

/** result[x] = Σ weight(k) · line[x + radius + k]. */
function sumTaps(result: Float64Array, line: Float64Array, kernel: FoldedKernel): void {
  const { half, symmetry } = kernel;
  const radius = half.length - 1;
  const sign = symmetry === 'odd' ? -1 : 1;
  for (let x = 0; x < result.length; x++) {
    const centre = x + radius;
    let sum = half[0]! * line[centre]!;
    for (let k = 1; k <= radius; k++) sum += half[k]! * (line[centre + k]! + sign * line[centre - k]!);
    result[x] = sum;
  }
}
