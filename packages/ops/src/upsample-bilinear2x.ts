// Bilinear enlargement ×2 with aligned corners, as MONAI's and PyTorch's `interpolate(align_corners=True)`.
import type { Tensor4D } from '@tensorflow/tfjs';
import { assertRank } from './check-tensor.js';
import { createMatrix, multiplyPlanes, type Matrix } from './multiply-planes.js';

/**
 * Doubles height and width; output pixel i shows input coordinate i·(n − 1)/(2n − 1), so corners keep their values.
 *
 * @param x `[N, H, W, C]` float32
 * @returns `[N, 2H, 2W, C]`. Differentiable; unlike PyTorch's on a GPU, the gradient is deterministic.
 * @throws ShapeError if x is not of rank 4
 */
export function upsampleBilinear2x(x: Tensor4D): Tensor4D {
  assertRank('upsampleBilinear2x: x', x, ['batch', 'height', 'width', 'channels']);
  return multiplyPlanes(x, interpolationMatrix(x.shape[1]), interpolationMatrix(x.shape[2]));
}

/** `[2n, n]`: each output as a mean of two neighbours. */
function interpolationMatrix(length: number): Matrix {
  return createMatrix(2 * length, length, (index) => {
    const position = (index * (length - 1)) / (2 * length - 1);
    const first = Math.floor(position);
    const fraction = position - first;
    return [
      [first, 1 - fraction],
      [Math.min(first + 1, length - 1), fraction],
    ];
  });
}
