import { ArgumentError, decodeHalfFloats } from '@hovernet/core';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  decodeTorchFile,
  encodeTorchFile,
  isTorchFile,
  listTorchTensors,
  type StoredTensor,
  type TorchValue,
} from '../../src/node.js';

const float32 = (...values: number[]): StoredTensor => {
  return { dtype: 'float32', shape: [values.length], data: Float32Array.from(values) };
};

/** Bit patterns as the values of a half-precision type. */
function fromBits(bits: ArrayLike<number>, shift: number): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half << shift).buffer);
}

const everyType: ReadonlyMap<string, StoredTensor> = new Map<string, StoredTensor>([
  ['float64', { dtype: 'float64', shape: [2], data: Float64Array.of(-1e300, NaN) }],
  ['float32', { dtype: 'float32', shape: [2, 1], data: Float32Array.of(-0, 1e-45) }],
  ['float16', { dtype: 'float16', shape: [3], data: Float32Array.of(-65504, 2 ** -24, Infinity) }],
  ['bfloat16', { dtype: 'bfloat16', shape: [3], data: fromBits([0x3f80, 0x8001, 0x7f7f], 16) }],
  ['int64', { dtype: 'int64', shape: [], data: BigInt64Array.of(-(2n ** 63n)) }],
  ['uint64', { dtype: 'uint64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) }],
  ['int32', { dtype: 'int32', shape: [1], data: Int32Array.of(-(2 ** 31)) }],
  ['uint32', { dtype: 'uint32', shape: [1], data: Uint32Array.of(2 ** 32 - 1) }],
  ['int16', { dtype: 'int16', shape: [1], data: Int16Array.of(-(2 ** 15)) }],
  ['uint16', { dtype: 'uint16', shape: [1], data: Uint16Array.of(2 ** 16 - 1) }],
  ['int8', { dtype: 'int8', shape: [1], data: Int8Array.of(-128) }],
  ['uint8', { dtype: 'uint8', shape: [0, 3], data: new Uint8Array(0) }],
  ['bool', { dtype: 'bool', shape: [1, 2], data: Uint8Array.of(0, 1) }],
]);

const value: TorchValue = new Map<string | number, TorchValue>([
  ['model', everyType],
  ['a/b.weight', float32(1, 2)],
  ['list', [null, true, false, 'µ', '', [[]], new Map()]],
  ['numbers', [0, -1, 255, 65536, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, 1.5, 1e300, -0, Infinity, NaN]],
  ['integers', [2n ** 63n, -(2n ** 63n), 2n ** 500n]],
  [7, 'seven'],
]);

describe('encodeTorchFile', () => {
  it('is read back unchanged, whatever it holds', () => {
    const file = encodeTorchFile(value);
    expect(isTorchFile(file)).toBe(true);
    expect(decodeTorchFile(file, 'x.pt')).toEqual(value);
    expect(encodeTorchFile(decodeTorchFile(file, 'x.pt'))).toEqual(file);
  });

  it('writes every half-precision bit pattern back, also of what is no number', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern);
    const shape = [65536];
    const halves: StoredTensor[] = [
      { dtype: 'float16', shape, data: decodeHalfFloats(bits) },
      { dtype: 'bfloat16', shape, data: fromBits(bits, 16) },
    ];
    for (const tensor of halves) {
      expect(Buffer.from(unzipSync(encodeTorchFile(tensor))['archive/data/0']!).equals(Buffer.from(bits.buffer))).toBe(
        true,
      );
      const again = decodeTorchFile(encodeTorchFile(tensor), 'x.pt') as StoredTensor;
      expect(new Uint32Array(again.data.buffer)).toEqual(new Uint32Array(tensor.data.buffer));
    }
  });

  it('rounds other values to the nearest half', () => {
    const data = Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, 3.4e38);
    const file = encodeTorchFile({ dtype: 'bfloat16', shape: [4], data });
    const { data: rounded } = decodeTorchFile(file, 'x.pt') as StoredTensor;
    expect(rounded).toEqual(Float32Array.of(1, 1 + 2 ** -6, 1 + 2 ** -7, Infinity));
  });

  it('writes an archive that others read, data aligned to 64 bytes', () => {
    const file = encodeTorchFile(new Map([['w', float32(1, 2)]]));
    const entries = unzipSync(file);
    expect(Object.keys(entries)).toEqual([
      'archive/data.pkl',
      'archive/byteorder',
      'archive/data/0',
      'archive/version',
    ]);
    expect(entries['archive/data/0']).toEqual(new Uint8Array(Float32Array.of(1, 2).buffer));
    const { data } = listTorchTensors(decodeTorchFile(file, 'x.pt')).get('w')!;
    expect(data.buffer).toBe(file.buffer);
    expect(data.byteOffset % 64).toBe(0);
  });

  const tensor = float32(1, 2);
  const deep = Array.from({ length: 64 }).reduce<TorchValue>((inner) => [inner], []);
  const refused: [string, TorchValue, RegExp][] = [
    [
      'too few values',
      new Map([['w', { ...tensor, shape: [3] }]]),
      /tensor w: expected float32 \[3\], got 2 in a Float32Array/,
    ],
    [
      'an array of another type',
      [{ ...tensor, dtype: 'int64' }],
      /tensor 0: expected int64 \[2\], got 2 in a Float32Array/,
    ],
    ['no type at all', { ...tensor, dtype: 'constructor' as 'int8' }, /expected constructor/],
    ['a negative size', { ...tensor, shape: [-1, -2] }, /expected float32 \[-1, -2\]/],
    ['what is no value', [undefined as unknown as TorchValue], /expected text, numbers, tensors, arrays or maps at 0/],
    ['what has no place in a file', [(() => 1) as unknown as TorchValue], /expected text, numbers/],
    ['too many levels', deep, /at most 64 levels/],
    ['integers beyond 64 bytes', [2n ** 511n], /integers of at most 64 bytes/],
  ];
  it.each(refused)('refuses %s', (_, bad, message) => {
    expect(() => encodeTorchFile(bad)).toThrow(ArgumentError);
    expect(() => encodeTorchFile(bad)).toThrow(message);
  });
});
