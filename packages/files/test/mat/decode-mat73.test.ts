import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '@hovernet/core';
import { describe, expect, it, vi } from 'vitest';
import { fillSparse, readMat, type MatSparse, type MatValue, type NumericArray } from '../../src/node.js';
import { fromBase64, readFixture, temporaryFolder, toPlain } from '../helpers.js';

const bytes = fromBase64(readFixture<{ file: string }>('mat73.json').file);

async function readBytes(content: Uint8Array, limits = {}): Promise<Map<string, MatValue>> {
  const path = join(temporaryFolder(), 'new.mat');
  writeFileSync(path, content);
  return readMat(path, limits);
}

describe('MAT v7.3', () => {
  it('reads every numeric class in C order', async () => {
    const variables = await readBytes(bytes);
    const plain = (name: string) => toPlain(variables.get(name) as NumericArray);
    expect(plain('reals')).toEqual({ dtype: 'float64', shape: [2, 3], numbers: [0.5, -1.25, 3, 1e300, 3, 4] });
    expect(plain('singles')).toEqual({ dtype: 'float32', shape: [2, 1], numbers: [0.5, 2] });
    expect(plain('bytes')).toEqual({ dtype: 'uint8', shape: [1, 2], numbers: [1, 200] });
    expect(plain('swapped')).toEqual({ dtype: 'int32', shape: [1, 3], numbers: [1, -2, 300] });
    expect(variables.get('large')!.data).toEqual(BigInt64Array.of(2n ** 53n + 1n, -5n));
    expect(plain('flags')).toEqual({ dtype: 'bool', shape: [1, 3], numbers: [1, 0, 1] });
    expect(plain('wave')).toEqual({ dtype: 'complex128', shape: [1, 2], numbers: [1, 2, 3, -4] });
    expect(plain('waves')).toEqual({ dtype: 'complex64', shape: [2, 1], numbers: [1, 2, 3, -4] });
    // Stored in compressed chunks.
    const counting = Array.from({ length: 24 }, (_, index) => index);
    expect(plain('volume')).toEqual({ dtype: 'int16', shape: [2, 3, 4], numbers: counting });
    // As other programs write it: no class, axes in the order of the file reversed all the same.
    expect(plain('plain')).toEqual({ dtype: 'uint16', shape: [3, 2], numbers: [1, 4, 2, 5, 3, 6] });
    expect(plain('truth')).toEqual({ dtype: 'bool', shape: [2], numbers: [1, 0] });
  });

  it('reads text, and empty arrays of every class', async () => {
    const variables = await readBytes(bytes);
    expect(variables.get('text')).toEqual({ dtype: 'char', shape: [1, 6], data: ['nuclei'] });
    expect(variables.get('rows')).toEqual({ dtype: 'char', shape: [2, 3], data: ['abc', 'xyz'] });
    expect(variables.get('wide')).toEqual({ dtype: 'char', shape: [1, 2], data: ['µ€'] });
    expect(variables.get('none')).toEqual({ dtype: 'float64', shape: [0, 4], data: new Float64Array() });
    expect(variables.get('blank')).toEqual({ dtype: 'char', shape: [0, 0], data: [] });
    expect(variables.get('nocells')).toEqual({ dtype: 'cell', shape: [0, 0], data: [] });
    expect(variables.get('norecords')).toEqual({ dtype: 'struct', shape: [0, 1], data: [] });
    expect(variables.get('bare')).toEqual({ dtype: 'struct', shape: [1, 1], data: [new Map()] });
  });

  it('follows the references of cells and structure arrays', async () => {
    const variables = await readBytes(bytes);
    const none = { dtype: 'float64', shape: [0, 0], data: new Float64Array() };
    const seven = { dtype: 'float64', shape: [1, 1], data: Float64Array.of(7) };
    // Written in column-major order: x, none, inner, none.
    expect(variables.get('cells')).toEqual({
      dtype: 'cell',
      shape: [2, 2],
      data: [
        { dtype: 'char', shape: [1, 1], data: ['x'] },
        { dtype: 'cell', shape: [1, 1], data: [seven] },
        none,
        none,
      ],
    });
    const [record] = variables.get('record')!.data as ReadonlyMap<string, MatValue>[];
    expect([...record!.keys()]).toEqual(['n', 'list', 'kind']);
    expect(record!.get('list')).toMatchObject({ dtype: 'cell', data: [{ data: Float64Array.of(1, 2) }] });
    const records = variables.get('records') as Extract<MatValue, { dtype: 'struct' }>;
    expect(records.shape).toEqual([1, 3]);
    const field = (name: string) => records.data.map((item) => (item.get(name) as NumericArray).data[0]);
    expect([field('x'), field('y')]).toEqual([
      [0, 1, 2],
      [10, 11, 12],
    ]);
  });

  it('reads sparse matrices as such', async () => {
    const variables = await readBytes(bytes);
    expect(variables.get('sparse')).toMatchObject({
      dtype: 'sparse',
      shape: [2, 3],
      data: { rows: Int32Array.of(1, 0) },
    });
    const filled = (name: string) => toPlain(fillSparse(variables.get(name) as MatSparse));
    expect(filled('sparse')).toEqual({ dtype: 'float64', shape: [2, 3], numbers: [0, 0, 5, 7, 0, 0] });
    expect(filled('sparseflags')).toEqual({ dtype: 'bool', shape: [2, 3], numbers: [0, 0, 1, 1, 0, 0] });
    expect(filled('sparsezeros')).toEqual({ dtype: 'float64', shape: [3, 2], numbers: [0, 0, 0, 0, 0, 0] });
  });

  it('names objects, functions and links that lead nowhere', async () => {
    const variables = await readBytes(bytes);
    expect(variables.get('words')).toEqual({ dtype: 'opaque', shape: [], data: 'string' });
    expect(variables.get('thing')).toMatchObject({ dtype: 'object', className: 'inline', shape: [1, 1] });
    expect(variables.get('handle')).toMatchObject({ dtype: 'function', data: { dtype: 'struct' } });
    expect(variables.get('lost')).toEqual({ dtype: 'opaque', shape: [], data: 'link' });
    expect([...variables.keys()].some((name) => name.startsWith('#'))).toBe(false);
  });

  it('refuses what is cut off, and arrays beyond the limit, in one sentence that names the file', async () => {
    await expect(readBytes(bytes.subarray(0, 3000))).rejects.toThrow(/new\.mat: truncated or damaged HDF5 file/);
    await expect(readBytes(bytes.subarray(0, 3000))).rejects.toBeInstanceOf(FileError);
    await expect(readBytes(bytes, { maxBytes: 100 })).rejects.toThrow(/new\.mat: .*too much memory/);
  });

  it('refuses a file whose list of variables is damaged, and prints nothing', async () => {
    const damaged = Buffer.from(bytes);
    // The library lists nothing then, as if the file were empty.
    damaged[damaged.indexOf('TREE')] = 0;
    const write = vi.spyOn(process.stderr, 'write');
    await expect(readBytes(damaged)).rejects.toThrow(
      'new.mat: truncated or damaged HDF5 file (parts of it cannot be read); copy or save it again',
    );
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
    expect((await readBytes(bytes)).size).toBe(29);
  });

  it('stops a library that turns in circles, and reads the next file', async () => {
    const damaged = Buffer.from(bytes);
    // The length of an object in the heap of attributes is 0, so that the next one is the same one.
    const heap = damaged.indexOf('GCOL');
    damaged.writeBigUInt64LE(0n, heap + 24);
    await expect(readBytes(damaged, { timeoutMs: 1000 })).rejects.toThrow(
      /new\.mat: truncated or damaged HDF5 file \(reading it takes more than 1000 ms\)/,
    );
    expect((await readBytes(bytes)).size).toBe(29);
  });
});

describe('MAT v7.3 that refers to other files', () => {
  const hostile = readFixture<Record<string, string>>('mat73-hostile.json');

  it.each(['externalStorage', 'externalLink'])('is refused, and the others are not opened: %s', async (kind) => {
    await expect(readBytes(fromBase64(hostile[kind]!))).rejects.toThrow(
      /new\.mat: refers to another file, .*(secret\.bin|other\.mat), which is not read/,
    );
  });

  it('is refused where a dataset is made of those of others', async () => {
    await expect(readBytes(fromBase64(hostile['virtualSource']!))).rejects.toThrow(
      /new\.mat: (\/stolen lies in other files|refers to another file)/,
    );
  });

  it('does not keep the library from reading the next file', async () => {
    await expect(readBytes(fromBase64(hostile['externalStorage']!))).rejects.toThrow(FileError);
    expect((await readBytes(bytes)).get('text')).toEqual({ dtype: 'char', shape: [1, 6], data: ['nuclei'] });
  });
});
