import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gatherElements, isContiguous, windowEnd } from '../../src/torch-file/gather-elements.js';

const axis = fc.record({ size: fc.nat(4), stride: fc.nat(7) });
const windows = fc.record({ offset: fc.nat(5), axes: fc.array(axis, { maxLength: 5 }) }).map(({ offset, axes }) => ({
  offset,
  shape: axes.map(({ size }) => size),
  strides: axes.map(({ stride }) => stride),
}));

/** Positions of all elements in C order, by one loop for each axis. */
function listPositions(offset: number, shape: readonly number[], strides: readonly number[]): number[] {
  const [size, ...inner] = shape;
  if (size === undefined) return [offset];
  const [stride, ...innerStrides] = strides as [number, ...number[]];
  return Array.from({ length: size }, (_, i) => listPositions(offset + i * stride, inner, innerStrides)).flat();
}

it('gathers what loops over all axes meet, ends where they end, and is contiguous where they count up', () => {
  fc.assert(
    fc.property(windows, (window) => {
      const positions = listPositions(window.offset, window.shape, window.strides);
      const data = Int32Array.from({ length: 300 }, (_, i) => i);
      expect(Array.from(gatherElements(data, window, positions.length) as Int32Array)).toEqual(positions);
      expect(windowEnd(window)).toBe(positions.length === 0 ? 0 : Math.max(...positions) + 1);
      const countsUp = positions.every((position, i) => position === window.offset + i);
      if (positions.length > 0) expect(isContiguous(window)).toBe(countsUp);
    }),
  );
});
