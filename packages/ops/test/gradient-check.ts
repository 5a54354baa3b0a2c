// Compares gradients with central differences of a scalar that weighs every output element differently.
import { hashNoise } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';

/** Tensor of hash noise in −1…1; `seed` tells tensors apart. */
export function noiseTensor<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  const size = (shape as number[]).reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => hashNoise(i, seed)),
    shape,
  );
}

/**
 * Largest difference between the gradients of Σ weights·f(inputs) and central differences, relative to the largest
 * gradient of that input; the worst over all inputs. Differences are summed in float64 from float32 outputs.
 */
export function gradientError(f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[], step = 1 / 64): number {
  const weights = noiseTensor(f(...inputs).shape as [number], 99);
  const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(f(...xs), weights)))(inputs);
  return Math.max(...inputs.map((_, which) => inputError(f, inputs, which, gradients[which]!, weights, step)));
}

function inputError(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  which: number,
  gradient: tf.Tensor,
  weights: tf.Tensor,
  step: number,
): number {
  const input = inputs[which]!;
  if (gradient.shape.join() !== input.shape.join()) return Infinity;
  const analytic = gradient.dataSync<'float32'>();
  const values = input.dataSync<'float32'>();
  const w = weights.dataSync<'float32'>();
  const evaluate = (index: number, delta: number): number => {
    const moved = values.slice();
    moved[index]! += delta;
    const outputs = f(...inputs.map((x, i) => (i === which ? tf.tensor(moved, x.shape) : x))).dataSync<'float32'>();
    return outputs.reduce((sum, value, i) => sum + value * w[i]!, 0);
  };
  const largest = analytic.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-3);
  return values.reduce((worst, _, index) => {
    const numeric = (evaluate(index, step) - evaluate(index, -step)) / (2 * step);
    return Math.max(worst, Math.abs(numeric - analytic[index]!) / largest);
  }, 0);
}
