import { ArgumentError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import {
  isStoredTensor,
  isTorchDictionary,
  listTorchTensors,
  type StoredTensor,
  type TorchValue,
} from '../../src/node.js';

const tensor: StoredTensor = { dtype: 'uint8', shape: [1], data: Uint8Array.of(1) };

describe('listTorchTensors', () => {
  it('names tensors by the way to them, in order, and leaves the rest out', () => {
    const value: TorchValue = new Map<string | number, TorchValue>([
      ['model', new Map([['a/b.weight', tensor]])],
      ['epoch', 3],
      ['list', [null, tensor, [tensor]]],
      [0, tensor],
    ]);
    expect([...listTorchTensors(value).keys()]).toEqual(['model/a/b.weight', 'list/1', 'list/2/0', '0']);
    expect([...listTorchTensors(tensor).keys()]).toEqual(['']);
    expect(listTorchTensors('text').size).toBe(0);
  });

  it('refuses two tensors of one name', () => {
    const value = new Map<string, TorchValue>([
      ['a', new Map([['b', tensor]])],
      ['a/b', tensor],
    ]);
    expect(() => listTorchTensors(value)).toThrow(ArgumentError);
    expect(() => listTorchTensors(value)).toThrow(/got a\/b twice/);
  });

  it('refuses a value that contains itself', () => {
    const value: TorchValue[] = [];
    value.push(value);
    expect(() => listTorchTensors(value)).toThrow(/at most 64 levels/);
  });
});

it('tells tensors and dictionaries from other values', () => {
  const values: TorchValue[] = [null, true, 1, 1n, '', [], new Map([['dtype', 1]]), tensor];
  expect(values.map(isStoredTensor)).toEqual([false, false, false, false, false, false, false, true]);
  expect(values.map(isTorchDictionary)).toEqual([false, false, false, false, false, false, true, false]);
});
