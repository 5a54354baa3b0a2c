// The Sobel-like derivative of HoVer-Net: a binomial smoothing across, its central difference along.
import { ArgumentError } from '@hovernet/core';
import type { Float64Map, RealMap } from './planes.js';
import { filterSeparable, type FilterSeparableOptions, type FoldedKernel } from './separable-filter.js';

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

/**
 * Derivative of `plane` `[height, width]` along one axis, positive where it increases with the index; the edge is reflected
 * without repeating it (as often as a small plane needs; MONAI raises there). Float64 sums.
 * @throws ArgumentError if the kernel size is even or below 3.
 */
export function computeDerivative(plane: RealMap, options: ComputeDerivativeOptions): Float64Map {
  return filterSeparable(plane, createDerivativeFilter(options));
}

/** The filter that {@link computeDerivative} applies. */
export function createDerivativeFilter({ axis, kernelSize = 21 }: ComputeDerivativeOptions): FilterSeparableOptions {
  const { smooth, difference } = createDerivativeKernels(kernelSize);
  return axis === 'x'
    ? { vertical: smooth, horizontal: difference, border: 'reflect' }
    : { vertical: difference, horizontal: smooth, border: 'reflect' };
}

/** Kernels of `size` taps (odd, at least 3), folded. @throws ArgumentError for other sizes. */
export function createDerivativeKernels(size: number): DerivativeKernels {
  if (!Number.isInteger(size) || size < 3 || size % 2 === 0) {
    throw new ArgumentError(`createDerivativeKernels: expected an odd size ≥ 3, got ${size}`);
  }
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

/** Row `order` of Pascal's triangle divided by its sum. */
function binomial(order: number): Float64Array {
  const row = new Float64Array(order + 1);
  row[0] = 1;
  for (let step = 1; step <= order; step++) {
    for (let k = step; k >= 0; k--) row[k] = ((row[k] ?? 0) + (row[k - 1] ?? 0)) / 2;
  }
  return row;
}
