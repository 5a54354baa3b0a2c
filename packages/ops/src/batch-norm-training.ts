// Batch normalisation in training mode: normalises by the statistics of the batch and returns them.
import { ShapeError } from '@hovernet/core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { assertRank, describeShape } from './check-tensor.js';
import { BatchNormTraining } from './kernel-names.js';
import { runKernel } from './kernels/generic-kernel.js';
import './register.js';

export interface BatchNormTrainingResult {
  /** `gamma · (x − mean) / √(variance + epsilon) + beta`, the shape of x. */
  readonly y: Tensor4D;
  /** Mean of each channel over batch, rows and columns, `[C]`. No gradient flows through it. */
  readonly mean: Tensor1D;
  /** Biased variance (division by the count) of each channel, `[C]`. No gradient flows through it. */
  readonly variance: Tensor1D;
}

/**
 * Normalises each channel to mean `beta` and deviation `gamma`.
 * Running statistics are the caller's; PyTorch updates its running variance with `variance · n / (n − 1)`.
 *
 * @param x `[N, H, W, C]` float32
 * @param gamma `[C]` scale
 * @param beta `[C]` shift
 * @param epsilon added to the variance
 * @returns y is differentiable in `x`, `gamma` and `beta`, through the statistics too; `mean` and `variance` themselves are
 * outputs for running statistics: gradients that reach them are dropped.
 * @throws ShapeError if x is not of rank 4 or gamma and beta are not `[C]`
 */
export function batchNormTraining(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  epsilon = 1e-5,
): BatchNormTrainingResult {
  assertRank('batchNormTraining: x', x, ['batch', 'height', 'width', 'channels']);
  assertChannels('gamma', gamma, x.shape[3]);
  assertChannels('beta', beta, x.shape[3]);
  const outputs = runKernel<Tensor[]>(BatchNormTraining, { x, gamma, beta }, { epsilon });
  const [y, mean, variance] = outputs as [Tensor4D, Tensor1D, Tensor1D];
  return { y, mean, variance };
}

function assertChannels(name: string, vector: Tensor1D, channels: number): void {
  if (vector.rank !== 1 || vector.shape[0] !== channels) {
    throw new ShapeError(`batchNormTraining: ${name}`, `[${channels}]`, describeShape(vector.shape));
  }
}
