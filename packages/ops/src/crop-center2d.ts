// Cuts the middle out of feature maps, where valid convolutions made another branch smaller.
import { ShapeError } from '@hovernet/core';
import { slice, type Tensor4D } from '@tensorflow/tfjs';
import { assertRank, describeShape } from './check-tensor.js';

/**
 * Keeps `height` × `width` pixels, with equally many cut on opposite sides.
 *
 * @param x `[N, H, W, C]`
 * @param height of the result; H − height even and ≥ 0
 * @param width of the result; W − width even and ≥ 0
 * @returns `[N, height, width, C]`; x itself where nothing is to be cut. Differentiable.
 * @throws ShapeError if x is not of rank 4, is smaller, or cannot be cut evenly
 */
export function cropCenter2d(x: Tensor4D, height: number, width: number): Tensor4D {
  assertRank('cropCenter2d: x', x, ['batch', 'height', 'width', 'channels']);
  const [batch, fullHeight, fullWidth, channels] = x.shape;
  const top = (fullHeight - height) / 2;
  const left = (fullWidth - width) / 2;
  if (!(Number.isInteger(top) && Number.isInteger(left) && top >= 0 && left >= 0 && height > 0 && width > 0)) {
    const expected = `height and width that exceed ${height} × ${width} by even numbers`;
    throw new ShapeError('cropCenter2d: x', expected, describeShape(x.shape));
  }
  if (top === 0 && left === 0) return x;
  return slice(x, [0, top, left, 0], [batch, height, width, channels]);
}
