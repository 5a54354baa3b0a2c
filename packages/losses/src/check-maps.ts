// Checks of predictions and targets.
import { ShapeError } from '@hovernet/core';
import type { Tensor4D } from '@tensorflow/tfjs';

/** Throws a ShapeError that names `operation` unless both are `[N, H, W, C]` of one shape. */
export function assertSameMaps(operation: string, prediction: Tensor4D, target: Tensor4D): void {
  const actual = `[${target.shape.join(', ')}]`;
  if (prediction.rank !== 4) {
    throw new ShapeError(
      `${operation}: prediction`,
      '[batch, height, width, channels]',
      `[${prediction.shape.join(', ')}]`,
    );
  }
  if (prediction.shape.join() !== target.shape.join()) {
    throw new ShapeError(
      `${operation}: target`,
      `the shape of the prediction, [${prediction.shape.join(', ')}]`,
      actual,
    );
  }
}
