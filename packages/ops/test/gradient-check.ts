// Compares gradients with differences of a scalar that weighs every output element differently.
import { hashNoise } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';

/** Bound of {@link gradientError}; float32 outputs leave about 2e-6 of it. */
export const gradientBound = 1e-5;

/** Tensor of hash noise in −1…1; `seed` tells tensors apart. */
export function noiseTensor<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  const size = (shape as number[]).reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => hashNoise(i, seed)),
    shape,
  );
}

export interface GradientCheckOptions {
  /** Whether f is linear in each input by itself, so that one difference is exact. @default false */
  readonly linear?: boolean;
}

type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor;

/**
 * Largest difference between the gradients of Σ weights·f(inputs) and differences of it, relative to the largest gradient of
 * that input; the worst over all inputs.
 */
export function gradientError(f: TensorFunction, inputs: tf.Tensor[], options: GradientCheckOptions = {}): number {
  const differentiate = options.linear ? differentiateLinear : differentiateSmooth;
  const weights = noiseTensor(f(...inputs).shape as [number], 99);
  const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(f(...xs), weights)))(inputs);
  return Math.max(
    ...inputs.map((_, which) => {
      const along = (x: tf.Tensor) => f(...inputs.map((other, i) => (i === which ? x : other)));
      return inputError(along, inputs[which]!, { gradient: gradients[which]!, weights, differentiate });
    }),
  );
}

interface Expected {
  readonly gradient: tf.Tensor;
  readonly weights: tf.Tensor;
  differentiate(f: (delta: number) => number): number;
}

function inputError(
  f: (input: tf.Tensor) => tf.Tensor,
  input: tf.Tensor,
  { gradient, weights, differentiate }: Expected,
): number {
  if (gradient.shape.join() !== input.shape.join()) return Infinity;
  const analytic = gradient.dataSync<'float32'>();
  const values = input.dataSync<'float32'>();
  const w = weights.dataSync<'float32'>();
  const evaluate = (index: number, delta: number): number => {
    const moved = values.slice();
    moved[index]! += delta;
    return tf.tidy(() => {
      const outputs = f(tf.tensor(moved, input.shape)).dataSync<'float32'>();
      return outputs.reduce((sum, value, i) => sum + value * w[i]!, 0);
    });
  };
  const largest = analytic.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-3);
  return values.reduce((worst, _, index) => {
    const numeric = differentiate((delta) => evaluate(index, delta));
    return Math.max(worst, Math.abs(numeric - analytic[index]!) / largest);
  }, 0);
}

/**
 * f′(0) by central differences of steps 1/4, 1/8 and 1/16, extrapolated twice (Romberg): what is left is of the sixth order
 * of the step, so steps can be long, and the rounding of float32 values is divided by a large number.
 */
function differentiateSmooth(f: (delta: number) => number): number {
  const [far, middle, near] = [1 / 4, 1 / 8, 1 / 16].map((step) => (f(step) - f(-step)) / (2 * step));
  return (64 * near! - 20 * middle! + far!) / 45;
}

/** f′(0) of a linear function: a step of 1 has no error but rounding. */
function differentiateLinear(f: (delta: number) => number): number {
  return (f(1) - f(-1)) / 2;
}
