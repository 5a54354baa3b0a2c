import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz, type NumericArray } from '../../src/node.js';
import { writeZip } from '../../src/zip/write-zip.js';
import { decodeDamagedCopies } from '../damaged-files.js';
import { fromBase64, readFixture, toPlain } from '../helpers.js';

const arrays: fc.Arbitrary<NumericArray> = fc.oneof(
  fc.int32Array({ maxLength: 40 }).map((data) => ({ dtype: 'int32' as const, shape: [data.length], data })),
  fc.uint8Array({ maxLength: 40 }).map((data) => ({ dtype: 'uint8' as const, shape: [1, data.length], data })),
  fc.float64Array({ maxLength: 40 }).map((data) => ({ dtype: 'float64' as const, shape: [data.length, 1], data })),
  fc.float32Array({ minLength: 6, maxLength: 6 }).map((data) => ({ dtype: 'complex64' as const, shape: [3], data })),
);

describe('npy and npz', () => {
  it('read back any array that they wrote', async () => {
    await fc.assert(
      fc.asyncProperty(arrays, async (array) => {
        expect(toPlain(decodeNpy(encodeNpy(array), 'a.npy'))).toEqual(toPlain(array));
        expect(toPlain(decodeNpz(await encodeNpz(new Map([['a', array]])), 'a.npz').get('a')!)).toEqual(toPlain(array));
      }),
    );
  });

  const array: NumericArray = { dtype: 'int16', shape: [4, 5], data: new Int16Array(20).map((_, i) => i * 7) };
  const half: NumericArray = { dtype: 'float16', shape: [2], data: Float32Array.of(1, 2) };
  const encoding = encodeNpz(
    new Map([
      ['first', array],
      ['second', half],
    ]),
  );

  it('give an array or an error that names the file where it is damaged', async () => {
    await decodeDamagedCopies(encodeNpy(array), decodeNpy);
    const big = readFixture<{ title: string; base64: string }[]>('npy.json').find(({ title }) => title.includes('big'));
    await decodeDamagedCopies(fromBase64(big!.base64), decodeNpy);
    await decodeDamagedCopies(await encoding, decodeNpz);
  });

  it('do so also where an entry is damaged before it is packed', async () => {
    await decodeDamagedCopies(encodeNpy(array), (content, source) => {
      decodeNpz(writeZip([{ name: 'a.npy', content, deflated: deflateRawSync(content) }]), source);
    });
  });
});
