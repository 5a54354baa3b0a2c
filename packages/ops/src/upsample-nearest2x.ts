// Enlargement ×2 by repetition, as the original HoVer-Net's unpooling.
import { image, type Tensor4D } from '@tensorflow/tfjs';
import { assertRank } from './check-tensor.js';
import './register.js';

/**
 * Repeats every pixel twice along rows and columns.
 *
 * @param x `[N, H, W, C]` float32
 * @returns `[N, 2H, 2W, C]`. Differentiable.
 * @throws ShapeError if x is not of rank 4
 */
export function upsampleNearest2x(x: Tensor4D): Tensor4D {
  assertRank('upsampleNearest2x: x', x, ['batch', 'height', 'width', 'channels']);
  return image.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]);
}
