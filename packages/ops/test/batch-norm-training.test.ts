import { ShapeError } from '@hovernet/core';
import { maxDifference } from '@hovernet/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { batchNormTraining } from '../src/index.js';
import { gradientBound, gradientError, noiseTensor } from './gradient-check.js';
import { spyOnKernel } from './spy-on-kernel.js';

const x = noiseTensor<tf.Rank.R4>([2, 3, 4, 5], 1);
const gamma = noiseTensor<tf.Rank.R1>([5], 2);
const beta = noiseTensor<tf.Rank.R1>([5], 3);
const normalize = (image: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) =>
  batchNormTraining(image as tf.Tensor4D, scale as tf.Tensor1D, shift as tf.Tensor1D);

describe('batchNormTraining', () => {
  it('gives the mean and the biased variance of each channel', () => {
    const image = tf.tensor4d([1, 10, 2, 10, 3, 10, 6, 10], [2, 1, 2, 2]);
    const { y, mean, variance } = batchNormTraining(image, tf.tensor1d([2, 3]), tf.tensor1d([0.5, -1]), 0.5);
    expect([...mean.dataSync()]).toEqual([3, 10]);
    expect([...variance.dataSync()]).toEqual([3.5, 0]);
    expect([...y.dataSync()]).toEqual([-1.5, -1, -0.5, -1, 0.5, -1, 3.5, -1]);
  });

  it('uses an epsilon of 1e-5 unless told otherwise', () => {
    const image = tf.tensor4d([-1e-3, 1e-3], [1, 1, 2, 1]);
    const { y } = batchNormTraining(image, tf.tensor1d([1]), tf.tensor1d([0]));
    expect(y.dataSync()[1]).toBeCloseTo(1e-3 / Math.sqrt(1e-6 + 1e-5), 6);
  });

  it('has the gradients of central differences', () => {
    expect(
      gradientError((...inputs) => normalize(...(inputs as [tf.Tensor, tf.Tensor, tf.Tensor])).y, [x, gamma, beta]),
    ).toBeLessThan(gradientBound);
  });

  it('has the gradient γ/σ·(dy − mean dy − x̂·mean(dy·x̂)), Σ dy·x̂ and Σ dy', () => {
    const dy = noiseTensor<tf.Rank.R4>([2, 3, 4, 5], 4);
    const gradients = tf.grads((...inputs: tf.Tensor[]) => normalize(inputs[0]!, inputs[1]!, inputs[2]!).y)(
      [x, gamma, beta],
      dy,
    );
    const expected = differentiateNaively(x, gamma, dy, 1e-5);
    gradients.forEach((gradient, i) => {
      expect(maxDifference(gradient.dataSync(), expected[i]!).value).toBeLessThan(1e-5);
    });
  });

  it('gives the gradient of one input alone', () => {
    const all = tf.grads((...inputs: tf.Tensor[]) => normalize(inputs[0]!, inputs[1]!, inputs[2]!).y)([x, gamma, beta]);
    const single = tf.grad((scale) => normalize(x, scale, beta).y)(gamma);
    expect([...single.dataSync()]).toEqual([...all[1]!.dataSync()]);
  });

  it('lets no gradient through the statistics', () => {
    const image = tf.mul<tf.Tensor4D>(x, 2);
    const gradient = tf.grad((input) => {
      const { mean, variance } = normalize(input, gamma, beta);
      return tf.add(tf.sum(mean), tf.sum(variance));
    })(image);
    expect(tf.sum(tf.abs(gradient)).dataSync()[0]).toBe(0);
  });

  it('runs its gradient kernel once for all inputs', () => {
    const differentiate = () =>
      tf.grads((...inputs: tf.Tensor[]) => normalize(inputs[0]!, inputs[1]!, inputs[2]!).y)([x, gamma, beta]);
    const attrs = { epsilon: 1e-5 };
    expect(spyOnKernel('BatchNormTraining', differentiate)).toEqual([{ inputs: ['x', 'gamma', 'beta'], attrs }]);
    expect(spyOnKernel('BatchNormTrainingGrad', differentiate)).toEqual([
      { inputs: ['x', 'dy', 'gamma', 'mean', 'variance'], attrs },
    ]);
  });

  it('passes over the pixels four times forward and seven times for all gradients', async () => {
    const dy = tf.ones<tf.Rank.R4>(x.shape);
    const statistics = normalize(x, gamma, beta);
    const gradientInputs = { x, dy, gamma, mean: statistics.mean, variance: statistics.variance };
    const attrs = { epsilon: 1e-5 };
    expect(await countPasses(() => void normalize(x, gamma, beta))).toBe(4);
    expect(await countPasses(() => void tf.engine().runKernel('BatchNormTrainingGrad', gradientInputs, attrs))).toBe(7);
  });

  it('leaves no tensors behind but its results', () => {
    const before = tf.memory().numTensors;
    tf.dispose(Object.values(normalize(x, gamma, beta)));
    tf.grad((image) => normalize(image, gamma, beta).y)(x).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the operand that does not fit', () => {
    expect(() => normalize(tf.zeros([3, 4, 5]), gamma, beta)).toThrow(ShapeError);
    expect(() => normalize(x, tf.zeros([4]), beta)).toThrow('batchNormTraining: gamma: expected [5], got [4]');
    expect(() => normalize(x, gamma, tf.zeros([1, 5]))).toThrow('batchNormTraining: beta: expected [5], got [1, 5]');
  });
});

/** How many of the stock kernels that `run` calls read or write a tensor of the size of x, views not counted. */
async function countPasses(run: () => void): Promise<number> {
  const { kernels } = await tf.profile(run);
  const stock = kernels.filter(({ name }) => !/^BatchNormTraining|^Reshape$|^Identity$/.test(name));
  const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
  return stock.filter(({ inputShapes }) => inputShapes.some((shape) => shape && size(shape) === x.size)).length;
}

function differentiateNaively(image: tf.Tensor4D, scale: tf.Tensor1D, dy: tf.Tensor4D, epsilon: number): number[][] {
  const channels = image.shape[3];
  const count = image.size / channels;
  const [values, upstream, gammas] = [image.dataSync(), dy.dataSync(), scale.dataSync()];
  const dx = new Array<number>(image.size);
  const [dgamma, dbeta]: [number[], number[]] = [[], []];
  for (let c = 0; c < channels; c++) {
    const pixels = Array.from({ length: count }, (_, i) => i * channels + c);
    const meanOf = (f: (i: number) => number) => pixels.reduce((sum, i) => sum + f(i), 0) / count;
    const mean = meanOf((i) => values[i]!);
    const deviation = Math.sqrt(meanOf((i) => (values[i]! - mean) ** 2) + epsilon);
    const normalized = (i: number) => (values[i]! - mean) / deviation;
    const [meanDy, meanProduct] = [meanOf((i) => upstream[i]!), meanOf((i) => upstream[i]! * normalized(i))];
    for (const i of pixels) {
      dx[i] = (gammas[c]! / deviation) * (upstream[i]! - meanDy - normalized(i) * meanProduct);
    }
    dgamma.push(meanProduct * count);
    dbeta.push(meanDy * count);
  }
  return [dx, dgamma, dbeta];
}
