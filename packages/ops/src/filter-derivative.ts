// Smoothed derivative of images: the separable Sobel-like filter of MONAI's HoVerNetLoss, reflect padding folded in.
import { ShapeError } from '@hovernet/core';
import type { Tensor4D } from '@tensorflow/tfjs';
import { assertRank, describeShape } from './check-tensor.js';
import { createDerivativeTaps } from './derivative-taps.js';
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
