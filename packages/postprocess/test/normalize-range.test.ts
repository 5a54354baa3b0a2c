import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { findRange, normalizeRange } from '../src/normalize-range.js';

describe('normalizeRange', () => {
  it('maps the least value to 0 and the greatest to 1', () => {
    expect([...normalizeRange(ndarray(Float32Array.of(-1, 0, 1, 3), [2, 2])).data]).toEqual([0, 0.25, 0.5, 1]);
  });

  it('maps a constant plane to 0', () => {
    expect([...normalizeRange(ndarray(Float32Array.of(5, 5), [1, 2])).data]).toEqual([0, 0]);
  });

  it.each([NaN, Infinity, -Infinity])('refuses %s', (value) => {
    expect(() => normalizeRange(ndarray(Float64Array.of(1, value), [1, 2]))).toThrow('finite');
  });

  it('reads a view in its own order', () => {
    const view = ndarray(Float32Array.of(0, 1, 2, 3), [2, 2]).transpose(1, 0);
    expect([...normalizeRange(view).data]).toEqual([0, 2, 1, 3].map((value) => Math.fround(value / 3)));
  });
});

it('findRange of nothing is 0 to 0', () => {
  expect(findRange(new Float32Array(0))).toEqual({ min: 0, max: 0 });
});
