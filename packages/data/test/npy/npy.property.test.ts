import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz, type NumericArray } from '../../src/index.js';
import { acceptHovernetErrors, damagedCopies, toPlain } from '../helpers.js';

const arrays: fc.Arbitrary<NumericArray> = fc.oneof(
  fc.int32Array({ maxLength: 40 }).map((data) => ({ dtype: 'int32' as const, shape: [data.length], data })),
  fc.uint8Array({ maxLength: 40 }).map((data) => ({ dtype: 'uint8' as const, shape: [1, data.length], data })),
  fc.float64Array({ maxLength: 40 }).map((data) => ({ dtype: 'float64' as const, shape: [data.length, 1], data })),
  fc.float32Array({ minLength: 6, maxLength: 6 }).map((data) => ({ dtype: 'complex64' as const, shape: [3], data })),
);

describe('npy and npz', () => {
  it('read back any array that they wrote', () => {
    fc.assert(
      fc.property(arrays, (array) => {
        expect(toPlain(decodeNpy(encodeNpy(array), 'a.npy'))).toEqual(toPlain(array));
        expect(toPlain(decodeNpz(encodeNpz(new Map([['a', array]])), 'a.npz').get('a')!)).toEqual(toPlain(array));
      }),
    );
  });

  it('answer damaged files with an error that says so, or an array', () => {
    const array: NumericArray = { dtype: 'int16', shape: [4, 5], data: new Int16Array(20).map((_, i) => i * 7) };
    const npy = encodeNpy(array);
    const npz = encodeNpz(new Map([['first', array]]));
    fc.assert(fc.property(damagedCopies(npy), (bytes) => acceptHovernetErrors(() => decodeNpy(bytes, 'a.npy'))));
    fc.assert(fc.property(damagedCopies(npz), (bytes) => acceptHovernetErrors(() => decodeNpz(bytes, 'a.npz'))));
  });
});
