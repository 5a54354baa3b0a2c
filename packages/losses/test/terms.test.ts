import { ShapeError } from '@hovernet/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { computeCrossEntropy, computeDice, computeMaskedGradientMse, computeMse } from '../src/index.js';
import { createSampleMaps } from './sample-maps.js';

describe('computeCrossEntropy', () => {
  it('is the mean of −log softmax at the true class', () => {
    const logits = tf.tensor4d([0, Math.log(3), 2, 2], [1, 1, 2, 2]);
    const target = tf.tensor4d([0, 1, 1, 0], [1, 1, 2, 2]);
    expect(valueOf(computeCrossEntropy(logits, target))).toBeCloseTo((Math.log(4 / 3) + Math.log(2)) / 2, 6);
  });

  it('has the gradient (softmax − target) / pixels', () => {
    const { outputs, targets } = createSampleMaps();
    const gradient = tf.grad((x) => computeCrossEntropy(x as tf.Tensor4D, targets.nc))(outputs.nc);
    const expected = tf.div(tf.sub(tf.softmax(outputs.nc), targets.nc), 2 * 8 * 8);
    expect(largestDifference(gradient, expected)).toBeLessThan(1e-8);
  });
});

describe('computeDice', () => {
  it('sums 1 − 2Σpt / (Σp + Σt) over channels, smoothed by 1e-3', () => {
    const logits = tf.tensor4d([0, Math.log(3), 0, 0], [1, 1, 2, 2]);
    const target = tf.tensor4d([0, 1, 1, 0], [1, 1, 2, 2]);
    const background = 1 - (2 * 0.5 + 1e-3) / (0.75 + 1 + 1e-3);
    const foreground = 1 - (2 * 0.75 + 1e-3) / (1.25 + 1 + 1e-3);
    expect(valueOf(computeDice(logits, target))).toBeCloseTo(background + foreground, 6);
  });

  it('is nearly 0 for sure and right logits and nearly the channel count for sure and wrong ones', () => {
    const { targets } = createSampleMaps();
    const present = tf.slice(targets.np, [0, 0, 0, 0], [2, 8, 8, 2]);
    expect(valueOf(computeDice(tf.mul(present, 100), present))).toBeCloseTo(0, 6);
    expect(valueOf(computeDice(tf.mul(present, -100), present))).toBeCloseTo(2, 4);
  });

  it('has the gradient of central differences', () => {
    const { outputs, targets } = createSampleMaps();
    const gradient = tf
      .grad((x) => computeDice(x as tf.Tensor4D, targets.np))(outputs.np)
      .dataSync<'float32'>();
    const values = outputs.np.dataSync<'float32'>();
    const largest = gradient.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const step = 0.5;
    for (let i = 0; i < values.length; i += 17) {
      const at = (delta: number) => {
        const moved = values.slice();
        moved[i]! += delta;
        return valueOf(computeDice(tf.tensor4d(moved, outputs.np.shape), targets.np));
      };
      // Fourth order: a large step keeps the float32 rounding of the sums small.
      const numeric = (8 * (at(step / 2) - at(-step / 2)) - (at(step) - at(-step))) / (6 * step);
      expect(Math.abs(numeric - gradient[i]!)).toBeLessThan(5e-3 * largest);
    }
  });
});

describe('computeMse', () => {
  it('is the mean of squares over all elements, with gradient 2(p − t) / size', () => {
    const prediction = tf.tensor4d([1, 2, 3, 4], [1, 1, 2, 2]);
    const target = tf.tensor4d([1, 0, 0, 0], [1, 1, 2, 2]);
    expect(valueOf(computeMse(prediction, target))).toBe((4 + 9 + 16) / 4);
    const gradient = tf.grad((x) => computeMse(x as tf.Tensor4D, target))(prediction);
    expect([...gradient.dataSync()]).toEqual([0, 1, 1.5, 2]);
  });
});

describe('computeMaskedGradientMse', () => {
  const zeros = tf.zeros<tf.Rank.R4>([1, 7, 7, 2]);

  it('differentiates the horizontal channel along x and the vertical along y', () => {
    const mask = centreMask();
    expect(valueOf(computeMaskedGradientMse(ramps('x', 'y'), zeros, mask))).toBeCloseTo((0.75 ** 2 + 0.75 ** 2) / 2, 6);
    expect(valueOf(computeMaskedGradientMse(ramps('y', 'x'), zeros, mask))).toBeCloseTo(0, 10);
  });

  it('does not see what lies beyond the filter around masked pixels', () => {
    const mask = centreMask();
    const disturbed = tf.tensor4d(
      ramps('x', 'y')
        .dataSync<'float32'>()
        .map((value, i) => (i < 2 ? 100 : value)),
      [1, 7, 7, 2],
    );
    const [first, second] = [ramps('x', 'y'), disturbed].map((p) => valueOf(computeMaskedGradientMse(p, zeros, mask)));
    expect(second).toBe(first);
  });

  it('is 0 for an empty mask', () => {
    expect(valueOf(computeMaskedGradientMse(ramps('x', 'y'), zeros, tf.zeros([1, 7, 7, 1])))).toBe(0);
  });

  it('refuses a mask of another shape and maps without two channels', () => {
    expect(() => computeMaskedGradientMse(zeros, zeros, tf.zeros([1, 7, 7, 2]))).toThrow(ShapeError);
    const single = tf.zeros<tf.Rank.R4>([1, 7, 7, 1]);
    expect(() => computeMaskedGradientMse(single, single, single)).toThrow(/expected 2 channels/);
  });
});

describe('all terms', () => {
  it.each([
    ['computeCrossEntropy', computeCrossEntropy],
    ['computeDice', computeDice],
    ['computeMse', computeMse],
  ])('%s refuses a target of another shape', (name, compute) => {
    const prediction = tf.zeros<tf.Rank.R4>([1, 4, 4, 2]);
    expect(() => compute(prediction, tf.zeros([1, 4, 4, 3]))).toThrow(
      `${name}: target: expected the shape of the prediction, [1, 4, 4, 2], got [1, 4, 4, 3]`,
    );
    expect(() => compute(tf.zeros([4, 4, 2]) as unknown as tf.Tensor4D, prediction)).toThrow(ShapeError);
  });
});

/** `[1, 7, 7, 2]`: channels that grow by ¾ a pixel along the given axes; the filter has unit response to a ramp of 1. */
function ramps(horizontal: 'x' | 'y', vertical: 'x' | 'y'): tf.Tensor4D {
  const data = Float32Array.from({ length: 7 * 7 * 2 }, (_, i) => {
    const pixel = i >> 1;
    const axis = i % 2 === 0 ? horizontal : vertical;
    return 0.75 * (axis === 'x' ? pixel % 7 : Math.floor(pixel / 7));
  });
  return tf.tensor4d(data, [1, 7, 7, 2]);
}

/** `[1, 7, 7, 1]`: 1 on the central pixel, whose derivatives depend on the 5×5 pixels around it. */
function centreMask(): tf.Tensor4D {
  const mask = tf.buffer<tf.Rank.R4>([1, 7, 7, 1]);
  mask.set(1, 0, 3, 3, 0);
  return mask.toTensor();
}

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}

function valueOf(scalar: tf.Scalar): number {
  return scalar.dataSync()[0]!;
}
