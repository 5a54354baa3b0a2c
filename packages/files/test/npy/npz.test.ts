import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { FileError, UnsupportedError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { decodeNpz, encodeNpy, encodeNpz, readNpz, writeNpz, type NumericArray } from '../../src/node.js';
import { createFileBudget } from '../../src/memory-budget.js';
import { writeZip } from '../../src/zip/write-zip.js';
import { fromBase64, readFixture, temporaryFolder, toPlain } from '../helpers.js';

interface NpzFixture {
  archives: { title: string; base64: string }[];
  refused: Record<string, string>;
}

const fixture = readFixture<NpzFixture>('npz.json');

describe('npz', () => {
  it.each(fixture.archives)('reads NumPy’s $title archive', ({ base64 }) => {
    const arrays = decodeNpz(fromBase64(base64), 'case.npz');
    expect([...arrays.keys()]).toEqual(['a', 'b/c']);
    expect(toPlain(arrays.get('a')!)).toEqual({
      dtype: 'float32',
      shape: [3, 4],
      numbers: Array.from({ length: 12 }, (_, i) => i),
    });
    expect(toPlain(arrays.get('b/c')!)).toEqual({ dtype: 'int64', shape: [2, 2], numbers: [1, 2, 3, 4] });
  });

  it('reads what it wrote, and writes the same bytes each time', async () => {
    const path = join(temporaryFolder(), 'arrays.npz');
    const arrays = new Map<string, NumericArray>([
      ['x', { dtype: 'uint8', shape: [3], data: Uint8Array.of(1, 2, 3) }],
      ['half', { dtype: 'float16', shape: [2], data: Float32Array.of(0.5, -2) }],
    ]);
    await writeNpz(path, arrays);
    const read = await readNpz(path);
    expect([...read].map(([name, array]) => [name, toPlain(array)])).toEqual(
      [...arrays].map(([name, array]) => [name, toPlain(array)]),
    );
    expect(new Uint8Array(readFileSync(path))).toEqual(await encodeNpz(arrays));
  });

  it('notices a changed byte by its checksum', () => {
    const bytes = Uint8Array.from(fromBase64(fixture.archives[0]!.base64));
    const at = Buffer.from(bytes).indexOf(Buffer.from(Float32Array.of(5).buffer));
    bytes[at + 1]! ^= 1;
    expect(() => decodeNpz(bytes, 'bad.npz')).toThrow(/^bad\.npz: its entry "a\.npy" is damaged/);
  });

  it('refuses an archive that is cut off', () => {
    const bytes = fromBase64(fixture.archives[1]!.base64);
    expect(() => decodeNpz(bytes.subarray(0, bytes.length - 30), 'cut.npz')).toThrow(FileError);
  });

  it('names the entry that holds Python objects', () => {
    const content = fromBase64(fixture.refused['objects']!);
    const archive = writeZip([{ name: 'labels.npy', content, deflated: deflateRawSync(content) }]);
    expect(() => decodeNpz(archive, 'o.npz')).toThrow(UnsupportedError);
    expect(() => decodeNpz(archive, 'o.npz')).toThrow('o.npz (labels.npy): arrays of Python objects');
  });

  it('refuses arrays beyond the limit before it takes memory: a zip bomb', async () => {
    // A MiB of zeros in a few bytes, declared truly.
    const zeros: NumericArray = { dtype: 'uint8', shape: [2 ** 20], data: new Uint8Array(2 ** 20) };
    const one = await encodeNpz(new Map([['zeros', zeros]]));
    expect(one.length).toBeLessThan(3000);
    expect(() => decodeNpz(one, 'bomb.npz', { maxBytes: 2 ** 19 })).toThrow(/^bomb\.npz: .*too much memory/);
    expect(decodeNpz(one, 'fine.npz').get('zeros')!.shape).toEqual([2 ** 20]);
    // Twenty of them count together.
    const many = await encodeNpz(new Map(Array.from({ length: 20 }, (_, index) => [`zeros${index}`, zeros])));
    expect(() => decodeNpz(many, 'bomb.npz', { maxBytes: 2 ** 23 })).toThrow('too much memory');
  });

  it('refuses an entry that inflates to more than it says', () => {
    const content = encodeNpy({ dtype: 'uint8', shape: [2 ** 20], data: new Uint8Array(2 ** 20) });
    const lying = writeZip([{ name: 'a.npy', content: content.subarray(0, 200), deflated: deflateRawSync(content) }]);
    expect(() => decodeNpz(lying, 'lie.npz')).toThrow('lie.npz (a.npy): compressed data is damaged or truncated');
  });

  it('bounds what it reads by 64 times the file, one GiB at least', () => {
    const budget = createFileBudget('a.npz', 2 ** 25);
    budget.take(2 ** 31);
    expect(() => budget.take(1)).toThrow(FileError);
    const small = createFileBudget('a.npz', 100);
    small.take(2 ** 30);
    expect(() => small.take(1)).toThrow('a.npz: its arrays take too much memory for a file of 100 bytes');
  });

  it('reads an empty archive', async () => {
    expect(decodeNpz(await encodeNpz(new Map()), 'empty.npz').size).toBe(0);
  });
});
