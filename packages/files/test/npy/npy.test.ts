import { join } from 'node:path';
import { FileError, UnsupportedError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy, readNpy, writeNpy } from '../../src/node.js';
import { fromBase64, readFixture, temporaryFolder, toPlain } from '../helpers.js';

interface NpyCase {
  title: string;
  dtype: string;
  shape: number[];
  numbers: (number | string | boolean)[];
  written: boolean;
  base64: string;
}

const cases = readFixture<NpyCase[]>('npy.json');
const special: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

describe('npy', () => {
  it.each(cases)('reads NumPy’s $title', ({ dtype, shape, numbers, base64 }) => {
    const expected = numbers.map((value) => (typeof value === 'string' ? special[value]! : Number(value)));
    expect(toPlain(decodeNpy(fromBase64(base64), 'case.npy'))).toEqual({ dtype, shape, numbers: expected });
  });

  it.each(cases.filter(({ written }) => written))('writes the bytes that NumPy writes: $title', ({ base64 }) => {
    const bytes = fromBase64(base64);
    expect(Buffer.from(encodeNpy(decodeNpy(bytes, 'case.npy'))).toString('base64')).toBe(base64);
  });

  it('reads what it wrote', async () => {
    const path = join(temporaryFolder(), 'deep/array.npy');
    const array = { dtype: 'int32', shape: [2, 2], data: Int32Array.of(1, -2, 3, 2 ** 31 - 1) } as const;
    await writeNpy(path, array);
    expect(toPlain(await readNpy(path))).toEqual(toPlain(array));
  });

  it('reads Python 2’s long integers in shapes', () => {
    const bytes = Buffer.from(encodeNpy({ dtype: 'uint8', shape: [2, 1], data: Uint8Array.of(8, 9) }));
    bytes.write('(2L, 1L), }', bytes.indexOf('(2, 1)'), 'latin1');
    expect(toPlain(decodeNpy(bytes, 'old.npy'))).toEqual({ dtype: 'uint8', shape: [2, 1], numbers: [8, 9] });
  });

  it('names a missing file', async () => {
    const path = join(temporaryFolder(), 'none.npy');
    await expect(readNpy(path)).rejects.toMatchObject({ code: 'MISSING_FILE', path });
  });

  it('names a file that is cut off, and how many bytes are missing', () => {
    const bytes = encodeNpy({ dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) });
    const decode = () => decodeNpy(bytes.subarray(0, bytes.length - 1), 'cut.npy');
    expect(decode).toThrow('cut.npy: truncated: 12 bytes expected for [3] float32, got 11');
    expect(() => decodeNpy(bytes.subarray(0, 60), 'cut.npy')).toThrow('truncated within the header');
  });

  it('refuses what is no .npy file', () => {
    expect(() => decodeNpy(Buffer.from('this is a text, not an array'), 'a.npy')).toThrow(FileError);
  });

  it('refuses a shape that is no number of elements', () => {
    const bytes = Buffer.from(encodeNpy({ dtype: 'uint8', shape: [2, 1], data: Uint8Array.of(8, 9) }));
    bytes.write(`(0, ${'9'.repeat(40)}), }`, bytes.indexOf('(2, 1)'), 'latin1');
    expect(decodeNpy(bytes, 'a.npy').data).toHaveLength(0);
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (0, ${'9'.repeat(400)}), }`;
    const endless = Buffer.concat([Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 0, 0]), Buffer.from(text)]);
    endless.writeUInt16LE(text.length, 8);
    expect(() => decodeNpy(endless, 'a.npy')).toThrow('a.npy: truncated');
  });

  it.each([
    ['objects', 'arrays of Python objects'],
    ['structured', 'structured arrays'],
    ['text', "elements of type '<U2'"],
  ])('refuses arrays of %s by name', (key, what) => {
    const { refused } = readFixture<{ refused: Record<string, string> }>('npz.json');
    const decode = () => decodeNpy(fromBase64(refused[key]!), 'a.npy');
    expect(decode).toThrow(UnsupportedError);
    expect(decode).toThrow(`a.npy: ${what} are not supported`);
  });
});
