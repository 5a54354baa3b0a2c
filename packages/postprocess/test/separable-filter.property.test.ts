import { maxDifference } from '@hovernet/testing';
import fc from 'fast-check';
import ndarray from 'ndarray';
import { expect, it } from 'vitest';
import { evenKernel, filterSeparable, type FoldedKernel } from '../src/separable-filter.js';

const weights = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 6 });
const kernels: fc.Arbitrary<FoldedKernel> = fc
  .record({ half: weights, symmetry: fc.constantFrom('even' as const, 'odd' as const) })
  .map(({ half, symmetry }) => ({
    half: Float64Array.from(half, (w, k) => (symmetry === 'odd' && k === 0 ? 0 : w)),
    symmetry,
  }));
const planes = fc
  .record({ height: fc.integer({ min: 1, max: 9 }), width: fc.integer({ min: 1, max: 9 }), seed: fc.nat() })
  .map(({ height, width, seed }) =>
    ndarray(
      Float64Array.from({ length: height * width }, (_, i) => Math.sin(seed + 7 * i)),
      [height, width],
    ),
  );

it('equals the correlation with the full two-dimensional kernel', () => {
  fc.assert(
    fc.property(
      planes,
      kernels,
      kernels,
      fc.constantFrom('reflect' as const, 'zero' as const),
      (plane, vertical, horizontal, border) => {
        const [height, width] = plane.shape as [number, number];
        const expected = new Float64Array(height * width);
        const rows = vertical.half.length - 1;
        const columns = horizontal.half.length - 1;
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            for (let dy = -rows; dy <= rows; dy++) {
              for (let dx = -columns; dx <= columns; dx++) {
                const value =
                  border === 'reflect'
                    ? plane.get(mirror(y + dy, height), mirror(x + dx, width))
                    : (plane.data[
                        y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width ? (y + dy) * width + x + dx : -1
                      ] ?? 0);
                expected[y * width + x]! += weight(vertical, dy) * weight(horizontal, dx) * value;
              }
            }
          }
        }
        const { data } = filterSeparable(plane, { vertical, horizontal, border });
        expect(maxDifference(data, expected).value).toBeLessThan(1e-10);
      },
    ),
  );
});

it('refuses a kernel without a middle', () => {
  expect(() => evenKernel([])).toThrow('middle tap');
});

function weight({ half, symmetry }: FoldedKernel, k: number): number {
  return k < 0 && symmetry === 'odd' ? -half[-k]! : half[Math.abs(k)]!;
}

/** Walks back and forth between the edges. */
function mirror(index: number, length: number): number {
  if (length === 1) return 0;
  let at = index;
  while (at < 0 || at >= length) at = at < 0 ? -at : 2 * (length - 1) - at;
  return at;
}
