import { FileError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { type NumericArray } from '../src/node.js';
import { toInt32, toUint8 } from '../src/internal.js';

const wide: NumericArray = { dtype: 'int64', shape: [3], data: BigInt64Array.of(0n, 7n, 255n) };

describe('toUint8', () => {
  it('narrows whole numbers of any type and shares bytes', () => {
    expect([...toUint8(wide, 'a.npy')]).toEqual([0, 7, 255]);
    const data = Uint8Array.of(1, 2);
    expect(toUint8({ dtype: 'bool', shape: [2], data }, 'a.npy')).toBe(data);
  });

  it.each([-1, 256, 0.5, NaN])('refuses %d and names the file', (value) => {
    const array: NumericArray = { dtype: 'float64', shape: [1], data: Float64Array.of(value) };
    expect(() => toUint8(array, 'a.npy')).toThrow(
      new FileError('a.npy', `expected whole numbers of 0 to 255, found ${value}`),
    );
  });
});

describe('toInt32', () => {
  it('takes whole numbers of any type and shares int32', () => {
    expect([...toInt32(wide, 'a.npy')]).toEqual([0, 7, 255]);
    const data = Int32Array.of(-5, 2 ** 31 - 1);
    expect(toInt32({ dtype: 'int32', shape: [2], data }, 'a.npy')).toBe(data);
    expect([...toInt32({ dtype: 'float32', shape: [1], data: Float32Array.of(-(2 ** 31)) }, 'a')]).toEqual([
      -(2 ** 31),
    ]);
  });

  it.each([2 ** 31, -(2 ** 31) - 1, 1.5, NaN, Infinity])('refuses %d', (value) => {
    const array: NumericArray = { dtype: 'float64', shape: [1], data: Float64Array.of(value) };
    expect(() => toInt32(array, 'a.npy')).toThrow(
      `a.npy: expected whole numbers of -2147483648 to 2147483647, found ${value} (float64)`,
    );
  });

  it('refuses numbers below the least one, in int32 too', () => {
    const array: NumericArray = { dtype: 'int32', shape: [2], data: Int32Array.of(3, -1) };
    expect(() => toInt32(array, 'a.mat', { name: 'inst_map', min: 0 })).toThrow(
      'a.mat: inst_map: expected whole numbers of 0 to 2147483647, found -1 (int32)',
    );
  });
});
