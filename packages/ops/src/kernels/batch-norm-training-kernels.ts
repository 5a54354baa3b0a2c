// Batch normalisation by the statistics of the batch (Ioffe and Szegedy 2015), and its gradient in closed form.
import * as tf from '@tensorflow/tfjs';
import { BatchNormTraining, BatchNormTrainingGrad, type BatchNormTrainingAttrs } from '../kernel-names.js';
import { createGenericKernel, runKernel, type GenericKernel } from './generic-kernel.js';

const pixelAxes = [0, 1, 2];

/** Kernels BatchNormTraining and BatchNormTrainingGrad. */
export const batchNormTrainingKernels: readonly GenericKernel[] = [
  createGenericKernel(BatchNormTraining, ({ x, gamma, beta }, attrs) => {
    const { epsilon } = attrs as unknown as BatchNormTrainingAttrs;
    const { mean, variance } = tf.moments(x!, pixelAxes);
    return [
      tf.batchNorm(
        x!,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        beta as tf.Tensor1D,
        gamma as tf.Tensor1D,
        epsilon,
      ),
      mean,
      variance,
    ];
  }),
  // dbeta = Σ dy, dgamma = Σ dy·x̂, dx = gamma / √(variance + ε) · (dy − dbeta/n − x̂·dgamma/n), n pixels a channel.
  createGenericKernel(BatchNormTrainingGrad, ({ x, dy, gamma, mean, variance }, attrs) => {
    const { epsilon } = attrs as unknown as BatchNormTrainingAttrs;
    const count = x!.size / mean!.size;
    const inverseDeviation = tf.rsqrt(tf.add(variance!, epsilon));
    const normalized = tf.mul(tf.sub(x!, mean!), inverseDeviation);
    const betaGradient = tf.sum(dy!, pixelAxes);
    const gammaGradient = tf.sum(tf.mul(dy!, normalized), pixelAxes);
    const centered = tf.sub(tf.sub(dy!, tf.div(betaGradient, count)), tf.mul(normalized, tf.div(gammaGradient, count)));
    return [tf.mul(tf.mul(gamma!, inverseDeviation), centered), gammaGradient, betaGradient];
  }),
];

/** Gradient of BatchNormTraining through `y` alone; `mean` and `variance` are statistics, not differentiable outputs. */
export const batchNormTrainingGradient: tf.GradConfig = {
  kernelName: BatchNormTraining,
  inputsToSave: ['x', 'gamma'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, saved, attrs) => {
    const [x, gamma, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const [dy] = dys as tf.Tensor[];
    // Run here, not in the closures: each closure has a tidy of its own that would dispose the other two outputs.
    const [dx, dgamma, dbeta] = runKernel<tf.Tensor[]>(
      BatchNormTrainingGrad,
      { x, dy: dy!, gamma, mean, variance },
      attrs,
    );
    return { x: () => dx!, gamma: () => dgamma!, beta: () => dbeta! };
  },
};
