import { describe, expect, it } from 'vitest';
import { toColumnMajor, toRowMajor } from '../src/memory-order.js';

describe('memory order', () => {
  it('turns columns into rows', () => {
    expect([...toRowMajor(Int32Array.of(1, 4, 2, 5, 3, 6), [2, 3])]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('reorders three axes and back', () => {
    const data = Int16Array.from({ length: 24 }, (_, i) => i);
    const rows = toRowMajor(data, [2, 3, 4]);
    expect([...rows.subarray(0, 5)]).toEqual([0, 6, 12, 18, 2]);
    expect(toColumnMajor(rows, [2, 3, 4])).toEqual(data);
  });

  it('keeps pairs of numbers together', () => {
    const pairs = Float64Array.of(1, -1, 3, -3, 2, -2, 4, -4);
    expect([...toRowMajor(pairs, [2, 2], 2)]).toEqual([1, -1, 2, -2, 3, -3, 4, -4]);
    expect(toColumnMajor(toRowMajor(pairs, [2, 2], 2), [2, 2], 2)).toEqual(pairs);
  });

  it('moves 64-bit integers', () => {
    expect([...toRowMajor(BigInt64Array.of(1n, 3n, 2n, 4n), [2, 2])]).toEqual([1n, 2n, 3n, 4n]);
  });

  it('leaves alone what is the same in both orders', () => {
    const data = Uint8Array.of(1, 2, 3);
    expect(toRowMajor(data, [1, 3, 1])).toBe(data);
    expect(toRowMajor(new Uint8Array(), [0, 5])).toHaveLength(0);
  });
});
