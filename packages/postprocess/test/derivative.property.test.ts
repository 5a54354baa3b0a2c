import { maxDifference } from '@hovernet/testing';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { expect, it } from 'vitest';
import { computeDerivative, createDerivativeKernels } from '../src/derivative.js';
import { filterSeparable } from '../src/separable-filter.js';

const planes = fc
  .record({ height: fc.integer({ min: 1, max: 24 }), width: fc.integer({ min: 1, max: 40 }) })
  .chain(({ height, width }) =>
    fc
      .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: height * width, maxLength: height * width })
      .map((values) => ndarray(Float32Array.from(values), [height, width])),
  );
/** Sizes of every remainder of ten passes. */
const sizes = fc.integer({ min: 1, max: 22 }).map((half) => 2 * half + 1);

it('correlates with the published kernels of any odd size, along both axes', () => {
  fc.assert(
    fc.property(planes, sizes, fc.constantFrom('x' as const, 'y' as const), (plane, kernelSize, axis) => {
      const { smooth, difference } = createDerivativeKernels(kernelSize);
      const [vertical, horizontal] = axis === 'x' ? [smooth, difference] : [difference, smooth];
      const expected = filterSeparable(plane, { vertical, horizontal, border: 'reflect' });
      const derivative = computeDerivative(plane, { axis, kernelSize });
      // Sums of up to 43² values below 1, rounded in another order.
      expect(maxDifference(derivative.data, expected.data).value).toBeLessThan(1e-13);
    }),
  );
});

it('agrees where a plane is filtered in several bands and panels', () => {
  const [height, width] = [530, 37];
  const plane = ndarray(
    Float64Array.from({ length: height * width }, (_, i) => Math.sin(0.7 * i) + Math.cos(i / 31)),
    [height, width],
  );
  const { smooth, difference } = createDerivativeKernels(21);
  const expected = filterSeparable(plane, { vertical: difference, horizontal: smooth, border: 'reflect' });
  expect(maxDifference(computeDerivative(plane, { axis: 'y' }).data, expected.data).value).toBeLessThan(1e-13);
});
