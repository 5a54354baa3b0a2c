import { FileError, HovernetError } from '@hovernet/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../src/index.js';

const weightArray: fc.Arbitrary<StoredTensor> = fc.oneof(
  fc.float32Array({ maxLength: 20 }).map((data) => ({ dtype: 'float32' as const, shape: [data.length], data })),
  fc.bigInt64Array({ maxLength: 20 }).map((data) => ({ dtype: 'int64' as const, shape: [1, data.length], data })),
);
const nonNumeric = fc.string().filter((name) => !/^\d+$/.test(name) && name !== '__metadata__');
const states = fc
  .uniqueArray(fc.tuple(nonNumeric, weightArray), { selector: ([name]) => name })
  .map((list) => new Map(list));

it('reads back whatever it wrote', () => {
  fc.assert(
    fc.property(states, fc.dictionary(nonNumeric, fc.string()), (state, metadata) => {
      const content = decodeSafetensors(encodeSafetensors(state, metadata), 'memory');
      expect([...content.tensors]).toEqual([...state]);
      expect(Object.entries(content.metadata)).toEqual(Object.entries(metadata));
    }),
  );
});

it('meets every damaged file with an error of its own', () => {
  const file = encodeSafetensors(new Map([['a', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }]]));
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(255), (position, value) => {
      const damaged = file.slice();
      damaged[position] = value;
      try {
        decodeSafetensors(damaged, 'memory');
      } catch (error) {
        expect(error).toBeInstanceOf(HovernetError);
      }
    }),
  );
});

it('refuses every shortened file', () => {
  const file = encodeSafetensors(new Map([['a', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }]]));
  for (let length = 0; length < file.length; length++) {
    expect(() => decodeSafetensors(file.subarray(0, length), 'memory')).toThrow(FileError);
  }
});
