// Batch normalisation by the statistics of the batch (Ioffe and Szegedy 2015), and its gradient in closed form.
import * as tf from '@tensorflow/tfjs';
import { BatchNormTraining, BatchNormTrainingGrad, type BatchNormTrainingAttrs } from '../kernel-names.js';
import { createGenericKernel, runKernel, type GenericKernel } from './generic-kernel.js';

/** Kernels BatchNormTraining (4 passes over the pixels) and BatchNormTrainingGrad (7). */
export const batchNormTrainingKernels: readonly GenericKernel[] = [
  createGenericKernel(BatchNormTraining, ({ x, gamma, beta }, attrs) => {
    const { epsilon } = attrs as unknown as BatchNormTrainingAttrs;
    const mean = overPixels(tf.mean, x!);
    const variance = overPixels(tf.mean, tf.squaredDifference(x!, mean));
    return [normalize(x!, { mean, variance, scale: gamma!, offset: beta!, epsilon }), mean, variance];
  }),
  // With n pixels a channel, s = (variance + ε)^−½ and c = x − mean: dbeta = Σ dy, dgamma = s·Σ dy·c,
  // dx = gamma·s · (dy − c·s·dgamma/n − dbeta/n); the last step is a normalisation with variance 1.
  createGenericKernel(BatchNormTrainingGrad, ({ x, dy, gamma, mean, variance }, attrs) => {
    const { epsilon } = attrs as unknown as BatchNormTrainingAttrs;
    const pixels = x!.size / mean!.size;
    const inverseDeviation = tf.rsqrt(tf.add(variance!, epsilon));
    const centered = tf.sub(x!, mean!);
    const betaGradient = overPixels(tf.sum, dy!);
    const gammaGradient = tf.mul(inverseDeviation, overPixels(tf.sum, tf.mul(dy!, centered)));
    const slope = tf.div(tf.mul(inverseDeviation, gammaGradient), -pixels);
    const xGradient = normalize(tf.add(dy!, tf.mul(centered, slope)), {
      mean: tf.div(betaGradient, pixels),
      variance: tf.onesLike(mean!),
      scale: tf.mul(gamma!, inverseDeviation),
      offset: tf.zerosLike(mean!),
      epsilon: 0,
    });
    return [xGradient, gammaGradient, betaGradient];
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

interface Normalization {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly scale: tf.Tensor;
  readonly offset: tf.Tensor;
  readonly epsilon: number;
}

/** `(x − mean) / √(variance + epsilon) · scale + offset` for each channel, in one pass. */
function normalize(x: tf.Tensor, { mean, variance, scale, offset, epsilon }: Normalization): tf.Tensor {
  const vector = (tensor: tf.Tensor) => tensor as tf.Tensor1D;
  return tf.batchNorm(x, vector(mean), vector(variance), vector(offset), vector(scale), epsilon);
}

/**
 * A sum or mean over the pixels of `[N, H, W, C]`, rows first: the wasm backend adds one by one in float32, and a running
 * sum over 131,072 pixels loses 2.5e-5 of a variance.
 */
function overPixels(reduce: typeof tf.sum, x: tf.Tensor): tf.Tensor {
  return reduce(reduce(x, 2), [0, 1]);
}
