// Checks of tensors at the edges of this package.
import { ShapeError } from '@hovernet/core';
import type { Tensor } from '@tensorflow/tfjs';

/** Throws a ShapeError that opens with `operation` unless `tensor` has `axes.length` axes. */
export function assertRank(operation: string, tensor: Tensor, axes: readonly string[]): void {
  if (tensor.rank !== axes.length) throw new ShapeError(operation, `[${axes.join(', ')}]`, describeShape(tensor.shape));
}

/** A shape as errors show it. */
export function describeShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
