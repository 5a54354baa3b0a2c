// Smoothed derivative of images: the separable Sobel-like filter of MONAI's HoVerNetLoss, reflect padding folded in.
import { ArgumentError, ShapeError } from '@hovernet/core';
import type { Tensor4D } from '@tensorflow/tfjs';
import { assertRank, describeShape } from './check-tensor.js';
import { createMatrix, multiplyPlanes, type Matrix } from './multiply-planes.js';

export interface FilterDerivativeOptions {
  /** `x`: along columns (positive where values grow to the right); `y`: along rows (where they grow downwards). */
  readonly axis: 'x' | 'y';
  /** Odd number of taps, at least 3. @default 5 */
  readonly kernelSize?: number;
}

/**
 * Differentiates along one axis and smooths along the other, each image and channel by itself. Outside the image its
 * pixels are mirrored, the edge not repeated.
 *
 * @param x `[N, H, W, C]` float32
 * @returns the shape of x, change per pixel. Linear in x, with an exact and deterministic gradient.
 * @throws ArgumentError for a bad kernel size; ShapeError if x is not of rank 4 or a side is not longer than half the kernel
 */
export function filterDerivative(x: Tensor4D, options: FilterDerivativeOptions): Tensor4D {
  const { axis, kernelSize = 5 } = options;
  assertRank('filterDerivative: x', x, ['batch', 'height', 'width', 'channels']);
  const { derivative, smoothing } = createDerivativeTaps(kernelSize);
  const [, height, width] = x.shape;
  const radius = (kernelSize - 1) / 2;
  if (Math.min(height, width) <= radius) {
    throw new ShapeError('filterDerivative: x', `sides longer than ${radius} pixels`, describeShape(x.shape));
  }
  return multiplyPlanes(
    x,
    correlationMatrix(height, axis === 'y' ? derivative : smoothing),
    correlationMatrix(width, axis === 'x' ? derivative : smoothing),
  );
}

/**
 * The two one-dimensional kernels: `smoothing` is the binomial of order size − 1, `derivative` is [−1, 0, 1]/2 convolved
 * with the binomial of order size − 3. Size 5: [1, 4, 6, 4, 1]/16 and [−1, −2, 0, 2, 1]/8. Applied as cross-correlation.
 *
 * @throws ArgumentError unless `kernelSize` is odd and at least 3
 */
export function createDerivativeTaps(kernelSize: number): { derivative: number[]; smoothing: number[] } {
  if (!(Number.isInteger(kernelSize) && kernelSize >= 3 && kernelSize % 2 === 1)) {
    throw new ArgumentError(`filterDerivative: expected an odd kernel size of at least 3, got ${kernelSize}`);
  }
  let derivative = [-0.5, 0, 0.5];
  let smoothing = [0.25, 0.5, 0.25];
  for (let size = 3; size < kernelSize; size += 2) {
    derivative = convolve(derivative, [0.25, 0.5, 0.25]);
    smoothing = convolve(smoothing, [0.25, 0.5, 0.25]);
  }
  return { derivative, smoothing };
}

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const sum = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((u, i) => b.forEach((v, j) => (sum[i + j]! += u * v)));
  return sum;
}

/** `[length, length]`: cross-correlation with `taps` over the mirrored signal. */
function correlationMatrix(length: number, taps: readonly number[]): Matrix {
  const radius = (taps.length - 1) / 2;
  return createMatrix(length, length, (index) =>
    taps.map((tap, offset) => [mirrorIndex(index + offset - radius, length), tap]),
  );
}

function mirrorIndex(index: number, length: number): number {
  if (index < 0) return -index;
  return index < length ? index : 2 * (length - 1) - index;
}
