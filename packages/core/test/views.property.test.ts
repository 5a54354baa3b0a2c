import fc from 'fast-check';
import ndarray, { type NdArray } from 'ndarray';
import { describe, expect, it } from 'vitest';
import { copyArray, flipView, isContiguous, toChannelFirst, toChannelLast, toContiguous } from '../src/index.js';

const lengths = fc.integer({ min: 0, max: 5 });
const steps = fc.constantFrom(-2, -1, 1, 2);
const orders = fc.constantFrom<[number, number, number]>(
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
);

/** `[a, b, c]` with the elements 0, 1, 2, … */
const wholes = fc.tuple(lengths, lengths, lengths).map((shape) =>
  ndarray(
    Int32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => i),
    shape,
  ),
);

/** Crops, steps, mirror images and transposes of them. */
const views = fc
  .tuple(
    wholes,
    fc.tuple(lengths, lengths, lengths),
    fc.tuple(lengths, lengths, lengths),
    fc.tuple(steps, steps, steps),
    orders,
  )
  .map(([whole, from, length, step, order]) => {
    const start = from.map((index, axis) => Math.min(index, whole.shape[axis]!));
    const size = length.map((count, axis) => Math.min(count, whole.shape[axis]! - start[axis]!));
    return whole
      .lo(...start)
      .hi(...size)
      .step(...step)
      .transpose(...order);
  });

/** The elements in C order, read one by one. */
function elementsOf(array: NdArray<Int32Array>): number[] {
  const [depth, height, width] = array.shape as [number, number, number];
  const elements: number[] = [];
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) elements.push(array.get(z, y, x));
  }
  return elements;
}

describe('any view', () => {
  it('has the same elements contiguous and copied', () => {
    fc.assert(
      fc.property(views, (view) => {
        const elements = elementsOf(view);
        expect([...toContiguous(view)]).toEqual(elements);
        const copy = copyArray(view);
        expect(copy.shape).toEqual(view.shape);
        expect([...copy.data]).toEqual(elements);
        expect(copy.data.buffer).not.toBe(view.data.buffer);
      }),
    );
  });

  it('is contiguous exactly where its elements follow one another in memory', () => {
    fc.assert(
      fc.property(views, (view) => {
        fc.pre(view.size > 0);
        // Elements of a whole array are their own positions in memory.
        const positions = elementsOf(view);
        expect(isContiguous(view)).toBe(positions.every((position, index) => position === positions[0]! + index));
      }),
    );
  });

  it('shares memory as an array exactly where it is contiguous', () => {
    fc.assert(
      fc.property(views, (view) => {
        fc.pre(view.size > 0);
        expect(toContiguous(view).buffer === view.data.buffer).toBe(isContiguous(view));
      }),
    );
  });

  it('comes back from two mirrorings and from both channel orders', () => {
    fc.assert(
      fc.property(views, (view) => {
        const elements = elementsOf(view);
        expect(elementsOf(flipView(flipView(view, 0), 0))).toEqual(elements);
        expect(elementsOf(flipView(flipView(view, 1), 1))).toEqual(elements);
        expect(elementsOf(toChannelLast(toChannelFirst(view)))).toEqual(elements);
      }),
    );
  });
});
