import { FileError, UnsupportedError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeMat, encodeMat, fillSparse, type MatSparse, type MatValue, type NumericArray } from '../../src/node.js';
import { fromBase64, readFixture, toPlain } from '../helpers.js';
import { sparse } from './sparse-sample.js';

const fixture = readFixture<Record<string, string>>('mat.json');
const plain = (value: MatValue | undefined) => toPlain(value as NumericArray);

describe('MAT v5', () => {
  it.each(['v5', 'v5 compressed'])('reads what SciPy wrote (%s)', (title) => {
    const variables = decodeMat(fromBase64(fixture[title]!), 'a.mat');
    expect(plain(variables.get('whole'))).toEqual({ dtype: 'int32', shape: [2, 3], numbers: [1, 2, 3, 4, 5, 6] });
    expect(plain(variables.get('bytes'))).toEqual({ dtype: 'uint8', shape: [1, 2], numbers: [1, 200] });
    expect(plain(variables.get('reals'))).toEqual({ dtype: 'float64', shape: [2, 2], numbers: [0.5, -1.25, 1e300, 3] });
    expect(plain(variables.get('volume'))).toEqual({
      dtype: 'int16',
      shape: [2, 3, 4],
      numbers: Array.from({ length: 24 }, (_, i) => i),
    });
    expect(plain(variables.get('flag'))).toEqual({ dtype: 'bool', shape: [1, 3], numbers: [1, 0, 1] });
    expect(plain(variables.get('wave'))).toEqual({ dtype: 'complex128', shape: [1, 2], numbers: [1, 2, 3, -4] });
    expect(variables.get('large')!.data).toEqual(BigInt64Array.of(2n ** 53n + 1n, -5n));
    expect(variables.get('sparse')).toEqual(sparse);
    expect(plain(fillSparse(variables.get('sparse') as MatSparse))).toEqual({
      dtype: 'float64',
      shape: [2, 3],
      numbers: [0, 0, 5, 7, 0, 0],
    });
  });

  it('reads text, cells and structures', () => {
    const variables = decodeMat(fromBase64(fixture['v5']!), 'a.mat');
    expect(variables.get('text')).toEqual({ dtype: 'char', shape: [1, 6], data: ['nuclei'] });
    const cells = variables.get('cells')!;
    expect(cells).toMatchObject({ dtype: 'cell', shape: [1, 2], data: [{ shape: [1, 1] }, { data: ['x'] }] });
    const [record] = variables.get('record')!.data as ReadonlyMap<string, MatValue>[];
    expect([...record!.keys()]).toEqual(['n', 'name']);
    expect(record!.get('name')).toMatchObject({ data: ['cell'] });
  });

  it('reads big-endian files with small and compressed elements', () => {
    const variables = decodeMat(fromBase64(fixture['v5 big endian']!), 'b.mat');
    expect(plain(variables.get('ab'))).toEqual({ dtype: 'int32', shape: [2, 3], numbers: [1, 3, 5, 2, 4, -6] });
  });

  it('reads version 4', () => {
    const variables = decodeMat(fromBase64(fixture['v4']!), 'a.mat');
    expect(plain(variables.get('whole'))).toMatchObject({ shape: [2, 3], numbers: [1, 2, 3, 4, 5, 6] });
    expect(plain(variables.get('wave'))).toEqual({ dtype: 'complex128', shape: [1, 2], numbers: [1, 2, 3, -4] });
    expect(variables.get('sparse')).toEqual(sparse);
    expect(variables.get('text')).toMatchObject({ data: ['nuclei'] });
  });

  it('reads version 7.3 from files only', () => {
    const bytes = new Uint8Array(600);
    bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], 512);
    expect(() => decodeMat(bytes, 'new.mat')).toThrow(UnsupportedError);
    expect(() => decodeMat(bytes, 'new.mat')).toThrow('new.mat: MAT v7.3 (HDF5) is read from files only; use readMat');
  });

  it('refuses a variable that would inflate beyond the limit, before it takes memory', () => {
    const zeros: NumericArray = { dtype: 'float64', shape: [1, 1e6], data: new Float64Array(1e6) };
    const bytes = encodeMat(new Map([['zeros', zeros]]));
    expect(bytes.length).toBeLessThan(10_000);
    expect(() => decodeMat(bytes, 'bomb.mat', { maxBytes: 1e6 })).toThrow(/^bomb\.mat: .*too much memory/);
    expect(plain(decodeMat(bytes, 'big.mat').get('zeros')).shape).toEqual([1, 1e6]);
  });

  it('refuses what is cut off or no MAT file', () => {
    const bytes = fromBase64(fixture['v5 compressed']!);
    expect(() => decodeMat(bytes.subarray(0, bytes.length - 9), 'cut.mat')).toThrow(/^cut\.mat: .*truncated/);
    expect(() => decodeMat(Buffer.from('plain text '.repeat(30)), 'text.mat')).toThrow(FileError);
    expect(() => decodeMat(new Uint8Array(), 'empty.mat')).toThrow(FileError);
  });
});

describe('lengths and counts that are none', () => {
  /** One element: its type, its length, its bytes. */
  const element = (type: number, bytes: Uint8Array): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(type, 0);
    head.writeUInt32LE(bytes.length, 4);
    return Buffer.concat([head, bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
  };
  const header = Buffer.alloc(128, ' ');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  /** A structure of one element whose names of fields have the length that `nameLength` says. */
  const structure = (nameLength: Buffer): Buffer => {
    const flags = element(6, Buffer.from(Uint32Array.of(2, 0).buffer));
    const shape = element(5, Buffer.from(Int32Array.of(1, 1).buffer));
    const fields = element(1, new Uint8Array(256).fill(0x61));
    return Buffer.concat([
      header,
      element(14, Buffer.concat([flags, shape, element(1, Buffer.from('s')), nameLength, fields])),
    ]);
  };

  it.each([5.6e-45, 0.5, NaN, Infinity])('are refused at once: names of fields of %d bytes', (length) => {
    const bytes = structure(element(7, Buffer.from(Float32Array.of(length).buffer)));
    expect(() => decodeMat(bytes, 'endless.mat')).toThrow(
      /^endless\.mat: damaged MAT file: expected a length or a count/,
    );
  });

  it('are refused where they are negative', () => {
    const bytes = structure(element(5, Buffer.from(Int32Array.of(-1).buffer)));
    expect(() => decodeMat(bytes, 'endless.mat')).toThrow('names of fields of -1 bytes');
  });
});
