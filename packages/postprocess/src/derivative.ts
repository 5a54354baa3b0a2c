// The Sobel-like derivative of HoVer-Net: a binomial smoothing across, its central difference along.
import { ArgumentError } from '@hovernet/core';
import type { ValueRange } from './normalize-range.js';
import { planeSize, realElements, wrapPlane, type Float64Map, type RealMap } from './planes.js';
import { resolveIndex, type FoldedKernel } from './separable-filter.js';
import { addNeighbours } from './two-tap-cascade.js';

export interface ComputeDerivativeOptions {
  /** `x`: along the rows (d/d column), `y`: down the columns (d/d row). */
  readonly axis: 'x' | 'y';
  /** Odd, at least 3. @default 21 */
  readonly kernelSize?: number;
}

/** The two one-dimensional kernels of the derivative filter. */
export interface DerivativeKernels {
  /** binomial(size − 1) / 2^(size − 1); sums to 1. */
  readonly smooth: FoldedKernel;
  /** [−1, 0, 1] / 2 convolved with binomial(size − 3) / 2^(size − 3). */
  readonly difference: FoldedKernel;
}

/** A plane in C order; with `range` its elements stand for what normalizeRange makes of them. */
export interface DerivativeSource {
  readonly plane: Float32Array | Float64Array;
  readonly height: number;
  readonly width: number;
  readonly range?: ValueRange;
}

/** Rows that are filtered at once: a few columns of them stay in the first-level cache. */
const bandRows = 256;

/**
 * Derivative of `plane` `[height, width]` along one axis, positive where it increases with the index; the edge is reflected
 * without repeating it (as often as a small plane needs; MONAI raises there). Exactly 0 where the plane does not change along
 * the axis. Float64 sums; the time grows slowly with the kernel's size.
 * @throws ArgumentError if the kernel size is even or below 3.
 */
export function computeDerivative(plane: RealMap, options: ComputeDerivativeOptions): Float64Map {
  const [height, width] = planeSize('computeDerivative', plane);
  const result = new Float64Array(height * width);
  const scale = derivativeScale(options);
  visitDerivativeRows({ plane: realElements(plane), height, width }, options, (row, y) => {
    for (let x = 0, at = y * width; x < width; x++, at++) result[at] = row[x]! * scale;
  });
  return wrapPlane(result, height, width);
}

/** Kernels of `size` taps (odd, at least 3), folded. @throws ArgumentError for other sizes. */
export function createDerivativeKernels(size: number): DerivativeKernels {
  assertKernelSize('createDerivativeKernels', size);
  const middle = (size - 1) / 2;
  const smooth = binomial(size - 1);
  const inner = binomial(size - 3);
  const difference = Float64Array.from({ length: middle + 1 }, (_, k) => {
    const tap = middle + k;
    return ((inner[tap - 2] ?? 0) - (inner[tap] ?? 0)) / 2;
  });
  return {
    smooth: { half: smooth.slice(middle), symmetry: 'even' },
    difference: { half: difference, symmetry: 'odd' },
  };
}

/** A power of 2: what the rows of {@link visitDerivativeRows} are to be multiplied by. */
export function derivativeScale({ kernelSize = 21 }: Pick<ComputeDerivativeOptions, 'kernelSize'>): number {
  return 2 ** (3 - 2 * kernelSize);
}

/**
 * Calls `visit` with every row of the derivative, top to bottom, before its scaling by {@link derivativeScale}; the row is
 * overwritten afterwards. Both kernels are cascades: [1, 1] as often as the size has taps but one, once [−1, 1] instead for the
 * difference. Needs memory for 256 rows.
 */
export function visitDerivativeRows(
  source: DerivativeSource,
  { axis, kernelSize = 21 }: ComputeDerivativeOptions,
  visit: (row: Float64Array, y: number) => void,
): void {
  assertKernelSize('computeDerivative', kernelSize);
  const { height, width } = source;
  if (height === 0 || width === 0) return;
  const passes = kernelSize - 1;
  const radius = passes / 2;
  const lineLength = width + passes;
  const band = new Float64Array((Math.min(bandRows, height) + passes) * lineLength);
  const columns = Int32Array.from({ length: lineLength }, (_, x) => resolveIndex(x - radius, width, 'reflect'));
  for (let y0 = 0; y0 < height; y0 += bandRows) {
    const rows = Math.min(bandRows, height - y0);
    for (let k = 0; k < rows + passes; k++) {
      readRow(band, k * lineLength + radius, source, resolveIndex(y0 + k - radius, height, 'reflect'));
    }
    const end = (rows + passes) * lineLength;
    for (let from = radius; from < radius + width; from++) {
      addNeighbours(band, { from, to: end, stride: lineLength }, passes, axis === 'y' ? -1 : 1);
    }
    for (let y = 0; y < rows; y++) {
      const from = (passes + y) * lineLength;
      for (let k = 0; k < radius; k++) {
        band[from + k] = band[from + radius + columns[k]!]!;
        band[from + radius + width + k] = band[from + radius + columns[radius + width + k]!]!;
      }
      addNeighbours(band, { from, to: from + lineLength, stride: 1 }, passes, axis === 'x' ? -1 : 1);
      visit(band.subarray(from + passes, from + lineLength), y0 + y);
    }
  }
}

function readRow(band: Float64Array, to: number, { plane, width, range }: DerivativeSource, y: number): void {
  const from = y * width;
  if (!range) {
    band.set(plane.subarray(from, from + width), to);
    return;
  }
  const { min, max } = range;
  const extent = max - min || Infinity;
  for (let x = 0; x < width; x++) band[to + x] = Math.fround((plane[from + x]! - min) / extent);
}

function assertKernelSize(operation: string, size: number): void {
  if (!Number.isInteger(size) || size < 3 || size % 2 === 0) {
    throw new ArgumentError(`${operation}: expected an odd size ≥ 3, got ${size}`);
  }
}

/** Row `order` of Pascal's triangle divided by its sum. */
function binomial(order: number): Float64Array {
  const row = new Float64Array(order + 1);
  row[0] = 1;
  for (let step = 1; step <= order; step++) {
    for (let k = step; k >= 0; k--) row[k] = ((row[k] ?? 0) + (row[k - 1] ?? 0)) / 2;
  }
  return row;
}
