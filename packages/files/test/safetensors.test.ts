import { FileError, UnsupportedError, WeightsError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from '../src/index.js';

const state: ReadonlyMap<string, StoredTensor> = new Map([
  ['a/b.weight', { dtype: 'float32', shape: [3], data: Float32Array.of(1, -2.5, 1e-30) }],
  ['count', { dtype: 'int64', shape: [], data: BigInt64Array.of(-9_007_199_254_740_993n) }],
  ['empty', { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) }],
]);

/** A file with this header text and data. */
function createFile(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

describe('encodeSafetensors', () => {
  it('writes a header that is padded to 8 bytes, then aligned data', () => {
    const file = encodeSafetensors(state, { format: 'pt' });
    const headerLength = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(headerLength % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerLength)))).toEqual({
      __metadata__: { format: 'pt' },
      'a/b.weight': { dtype: 'F32', shape: [3], data_offsets: [8, 20] },
      count: { dtype: 'I64', shape: [], data_offsets: [0, 8] },
      empty: { dtype: 'F32', shape: [0, 4], data_offsets: [20, 20] },
    });
    expect(file).toHaveLength(8 + headerLength + 20);
  });

  it('is read back in order', () => {
    const { tensors, metadata } = decodeSafetensors(encodeSafetensors(state, { note: 'ü' }), 'memory');
    expect([...tensors]).toEqual([...state]);
    expect(metadata).toEqual({ note: 'ü' });
  });

  it('is read back from the middle of a larger buffer, where nothing is aligned', () => {
    const file = encodeSafetensors(state);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect([...decodeSafetensors(shifted.subarray(3), 'memory').tensors]).toEqual([...state]);
  });
});

describe('encodeSafetensors with float16', () => {
  const filter = (...values: number[]): ReadonlyMap<string, StoredTensor> =>
    new Map([
      ['conv.weight', { dtype: 'float32', shape: [1, values.length, 1, 1], data: Float32Array.from(values) }],
      ['conv.bias', { dtype: 'float32', shape: [1], data: Float32Array.of(1 / 3) }],
      ['count', { dtype: 'int64', shape: [], data: BigInt64Array.of(7n) }],
    ]);

  it('stores filters in half of the bytes, rounded to the nearest, and leaves the rest as it is', () => {
    const state = filter(1 / 3, -2, 1e-30);
    const file = encodeSafetensors(state, {}, { precision: 'float16' });
    expect(file).toHaveLength(encodeSafetensors(state).length - 3 * 2);
    const { tensors } = decodeSafetensors(file, 'memory');
    expect([...tensors.keys()]).toEqual([...state.keys()]);
    const { dtype, data } = tensors.get('conv.weight')!;
    expect([dtype, ...(data as Float32Array)]).toEqual(['float16', 0.333251953125, -2, 0]);
    expect(tensors.get('conv.bias')).toEqual(state.get('conv.bias'));
    expect(tensors.get('count')).toEqual(state.get('count'));
  });

  it('refuses filters that float16 cannot hold', () => {
    const encode = () => encodeSafetensors(filter(1, -70000), {}, { precision: 'float16' });
    expect(encode).toThrow(WeightsError);
    expect(encode).toThrow('expected conv.weight within ±65520 for float16, got -70000; choose the precision float32');
  });
});

describe('decodeSafetensors', () => {
  it.each([
    ['F64', [0, 0, 0, 0, 0, 0, 8, 0xc0], 'float64', Float64Array.of(-3)],
    ['F32', [0, 0, 0x40, 0xc0], 'float32', Float32Array.of(-3)],
    ['F16', [0, 0xc2], 'float16', Float32Array.of(-3)],
    ['F16', [1, 0], 'float16', Float32Array.of(2 ** -24)],
    ['F16', [0, 0xfc], 'float16', Float32Array.of(-Infinity)],
    ['F16', [1, 0x7c], 'float16', Float32Array.of(NaN)],
    ['BF16', [0x40, 0xc0], 'bfloat16', Float32Array.of(-3)],
    ['I64', [0xfd, 255, 255, 255, 255, 255, 255, 255], 'int64', BigInt64Array.of(-3n)],
    ['U64', [0xfd, 0, 0, 0, 0, 0, 0, 128], 'uint64', BigUint64Array.of(2n ** 63n + 253n)],
    ['I32', [0xfd, 255, 255, 255], 'int32', Int32Array.of(-3)],
    ['U32', [0xfd, 255, 255, 255], 'uint32', Uint32Array.of(2 ** 32 - 3)],
    ['I16', [0xfd, 255], 'int16', Int16Array.of(-3)],
    ['U16', [0xfd, 255], 'uint16', Uint16Array.of(65533)],
    ['I8', [0xfd], 'int8', Int8Array.of(-3)],
    ['U8', [0xfd], 'uint8', Uint8Array.of(253)],
    ['BOOL', [1], 'bool', Uint8Array.of(1)],
  ])('reads %s %j', (dtype, bytes, expectedDtype, data) => {
    const header = JSON.stringify({ x: { dtype, shape: [1], data_offsets: [0, bytes.length] } });
    const { tensors } = decodeSafetensors(createFile(header, Uint8Array.from(bytes)), 'memory');
    expect(tensors.get('x')).toEqual({ dtype: expectedDtype, shape: [1], data });
  });

  const tensor = (start: number, end: number) =>
    `{"dtype":"U8","shape":[${end - start}],"data_offsets":[${start},${end}]}`;
  const refused: [string, Uint8Array, RegExp][] = [
    ['an empty file', new Uint8Array(0), /m\.safetensors: too short/],
    ['a header longer than the file', createFile('{}').subarray(0, 9), /truncated/],
    ['a header of absurd length', new Uint8Array(16).fill(255), /header of 18446744073709551615 bytes/],
    ['a header that is not JSON', createFile('{"a"'), /not JSON/],
    ['a header that is not UTF-8', createFile('{}').fill(0xff, 8), /not JSON/],
    ['a header that is no object', createFile('[]'), /not a JSON object/],
    ['metadata that is not text', createFile('{"__metadata__":{"a":1}}'), /__metadata__/],
    ['an entry without a shape', createFile('{"a":{"dtype":"U8","data_offsets":[0,0]}}'), /tensor a: .* lacks/],
    ['a negative shape', createFile('{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}'), /tensor a/],
    [
      'a shape that does not fit its bytes',
      createFile('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}'),
      /8 bytes/,
    ],
    ['data beyond the end', createFile(`{"a":${tensor(0, 4)}}`, new Uint8Array(3)), /4 bytes of data, the file has 3/],
    [
      'data that nobody owns',
      createFile(`{"a":${tensor(0, 4)}}`, new Uint8Array(5)),
      /4 bytes of data, the file has 5/,
    ],
    ['a gap', createFile(`{"a":${tensor(1, 4)}}`, new Uint8Array(4)), /starts at byte 1 of the data, not at 0/],
    ['an overlap', createFile(`{"a":${tensor(0, 4)},"b":${tensor(2, 6)}}`, new Uint8Array(6)), /starts at byte 2/],
  ];

  it.each(refused)('refuses %s', (_, file, message) => {
    expect(() => decodeSafetensors(file, 'm.safetensors')).toThrow(FileError);
    expect(() => decodeSafetensors(file, 'm.safetensors')).toThrow(message);
  });

  it.each(['F8_E4M3', 'constructor'])('refuses the element type %s', (dtype) => {
    const file = createFile(JSON.stringify({ a: { dtype, shape: [1], data_offsets: [0, 1] } }), new Uint8Array(1));
    expect(() => decodeSafetensors(file, 'm.safetensors')).toThrow(UnsupportedError);
  });
});
