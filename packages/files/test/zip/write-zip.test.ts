import { crc32 } from 'node:zlib';
import { UnsupportedError } from '@hovernet/core';
import { describe, expect, it } from 'vitest';
import { createFileBudget } from '../../src/memory-budget.js';
import { listZipEntries, readZipEntry } from '../../src/zip/read-zip.js';
import { writeZip } from '../../src/zip/write-zip.js';

/** A deflate stream of one stored block, which does not depend on the compressor. */
function store(content: Uint8Array): Uint8Array {
  const { length } = content;
  return Buffer.concat([Uint8Array.of(1, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255), content]);
}

function readZip(archive: Uint8Array): [name: string, content: Uint8Array][] {
  const memory = createFileBudget('a.npz', 0);
  const entries = [...listZipEntries(archive, 'a.npz', memory)];
  return entries.map(([name, entry]) => [name, Buffer.from(readZipEntry(archive, entry, { source: 'a.npz', memory }))]);
}

describe('writeZip', () => {
  it('writes these bytes', () => {
    const content = Buffer.from('hello');
    const archive = writeZip([{ name: 'é', content, deflated: store(content) }]);
    const facts = '1400 0008 0800 0000 2100 86a61036 0a000000 05000000 0200 0000';
    const name = 'c3a9';
    const expected = [
      `504b0304 ${facts} ${name} 010500faff 68656c6c6f`,
      `504b0102 1400 ${facts} 0000 0000 0000 00000000 00000000 ${name}`,
      '504b0506 0000 0000 0100 0100 30000000 2a000000 0000',
    ];
    expect(Buffer.from(archive).toString('hex')).toBe(expected.join('').replaceAll(' ', ''));
    expect(crc32(content)).toBe(0x3610a686);
  });

  it('gives back what was put in, in order', () => {
    const entries = ['b.npy', 'a.npy', 'empty.npy'].map((name, index) => {
      const content = Buffer.alloc(index === 2 ? 0 : 300, name);
      return { name, content, deflated: store(content) };
    });
    const read = readZip(writeZip(entries));
    expect(read).toEqual(entries.map(({ name, content }) => [name, content]));
    expect(readZip(writeZip([]))).toEqual([]);
  });

  it('refuses what would need zip64', () => {
    const content = new Uint8Array();
    const entry = { name: '', content, deflated: store(content) };
    expect(() => writeZip(new Array(0xffff).fill(entry))).toThrow(UnsupportedError);
    expect(() => writeZip([{ ...entry, content: { length: 2 ** 32 } as Uint8Array }])).toThrow('4 GiB');
  });
});
