// Where tfjs-cpu is wrong, what is recorded is right: shown against definitions, not against the backend.
import '@hovernet/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { runBoth, type InputSpec, type TensorFunction } from '../support.js';
import { kernel } from './cases/instance.js';

/** The recorded outputs of a function that cannot be run eagerly, or is wrong there. */
async function record(fn: TensorFunction, inputs: readonly InputSpec[]): Promise<Record<string, ArrayLike<number>>> {
  return Object.fromEntries((await runBoth(fn, inputs)).map(({ name, recorded }) => [name, recorded]));
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, index) => sum + value * b[index]!, 0);

describe('bilinear resizing', () => {
  it.each([
    { alignCorners: false, halfPixelCenters: true },
    { alignCorners: false, halfPixelCenters: false },
  ])('has the adjoint of the map as its gradient, for images that are not square too: %o', async (convention) => {
    const fn: TensorFunction = (images, dy) => {
      const attributes = { ...convention, size: [5, 9] };
      const forward = kernel('ResizeBilinear', ['images'], attributes)(images!) as tf.Tensor;
      const backward = kernel('ResizeBilinearGrad', ['images', 'dy'], attributes)(images!, dy!) as tf.Tensor;
      return { images: tf.clone(images!), dy: tf.clone(dy!), forward, backward };
    };
    const given = [{ shape: [1, 7, 4, 2] }, { shape: [1, 5, 9, 2] }];
    const { images, dy, forward, backward } = await record(fn, given);
    // Sums of 90 products of order 1 in float32.
    expect(dot(forward!, dy!)).toBeCloseTo(dot(images!, backward!), 4);
  });
});

describe('projective transforms', () => {
  it('are of every image of a batch', async () => {
    const transforms: InputSpec = { shape: [1, 8], values: [1, 0, 1, 0, 1, 0, 0, 0] };
    const fn: TensorFunction = (image, matrix) => {
      const attributes = { interpolation: 'nearest', fillMode: 'constant', fillValue: 0 };
      const both = kernel('Transform', ['image', 'transforms'], attributes)(image!, matrix!) as tf.Tensor;
      return { both, shifted: tf.pad(tf.slice(image!, [0, 0, 1, 0], [2, 3, 3, 1]), [[0, 0], [0, 0], [0, 1], [0, 0]]) }; // prettier-ignore
    };
    const { both, shifted } = await record(fn, [{ shape: [2, 3, 4, 1] }, transforms]);
    expect(both).toEqual(shifted);
  });
});

describe('max pooling of volumes', () => {
  it('gives the gradient to the last of equal maxima of a window that is not a cube', async () => {
    const fn: TensorFunction = (x) => ({
      dx: tf.grad((y) => tf.maxPool3d(y as tf.Tensor5D, [1, 2, 3], [1, 2, 3], 'valid'))(x!),
    });
    const values = [0, 5, 5, 1, 5, 0];
    const { dx } = await record(fn, [{ shape: [1, 1, 2, 3, 1], values }]);
    expect(Array.from(dx!)).toEqual([0, 0, 0, 0, 1, 0]);
  });
});

describe('functions near 0', () => {
  it('keep the digits of expm1 and log1p', async () => {
    const values = [1e-3, -1e-3, 1e-6, -1e-6, 1e-12];
    const fn: TensorFunction = (x) => ({ expm1: tf.expm1(x!), log1p: tf.log1p(x!) });
    for (const { eager, recorded } of await runBoth(fn, [{ shape: [5], values }])) {
      for (let i = 0; i < values.length; i++) expect(Math.abs(recorded[i]! / eager[i]! - 1)).toBeLessThan(1e-6);
    }
  });
});
