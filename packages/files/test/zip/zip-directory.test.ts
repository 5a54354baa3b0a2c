import { describe, expect, it } from 'vitest';
import { findZipContent, readZipDirectory, zipMethods } from '../../src/zip/zip-directory.js';
import { FileError } from '@hovernet/core';

/** Written by Python's zipfile: `a` holds "xyz", `b/ü` holds "hello", both stored. */
const base64 = [
  'UEsDBBQAAAAAAAAAIQBnuo7rAwAAAAMAAAABAAAAYXh5elBLAwQUAAAIAAAAACEAhqYQNgUAAAAFAAAABAAAAGIvw7xoZWxsb1BL',
  'AQIUAxQAAAAAAAAAIQBnuo7rAwAAAAMAAAABAAAAAAAAAAAAAACAAQAAAABhUEsBAhQDFAAACAAAAAAhAIamEDYFAAAABQAAAAQA',
  'AAAAAAAAAAAAAIABIgAAAGIvw7xQSwUGAAAAAAIAAgBhAAAASQAAAAAA',
].join('');
const archive = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

describe('readZipDirectory', () => {
  it('lists entries in their order, with where their bytes begin', () => {
    const entries = [...readZipDirectory(archive, 'a.zip')];
    expect(entries).toMatchObject([
      { name: 'a', method: zipMethods.stored, isEncrypted: false, size: 3, compressedSize: 3, localOffset: 0 },
      { name: 'b/ü', method: zipMethods.stored, size: 5, checksum: 0x3610a686 },
    ]);
    const start = findZipContent(archive, entries[1]!, 'a.zip')!;
    expect(new TextDecoder().decode(archive.subarray(start, start + 5))).toBe('hello');
  });

  it('reads archives that begin within a larger buffer', () => {
    const buffer = new Uint8Array(archive.length + 7);
    buffer.set(archive, 7);
    expect([...readZipDirectory(buffer.subarray(7), 'a.zip')]).toHaveLength(2);
  });

  it('refuses what is no archive, is cut short or points outside of itself', () => {
    expect(() => [...readZipDirectory(new Uint8Array(100), 'a.zip')]).toThrow(
      /a\.zip: not a zip archive, or truncated/,
    );
    expect(() => [...readZipDirectory(archive.subarray(0, -8), 'a.zip')]).toThrow(FileError);
    const outside = archive.slice();
    new DataView(outside.buffer).setUint32(outside.length - 6, 0xfffffff0, true);
    expect(() => [...readZipDirectory(outside, 'a.zip')]).toThrow(/a\.zip: damaged or truncated archive/);
    const shifted = archive.slice();
    new DataView(shifted.buffer).setUint32(shifted.length - 6, 4, true);
    expect(() => [...readZipDirectory(shifted, 'a.zip')]).toThrow(/a\.zip: damaged archive: bad directory/);
  });
});

describe('findZipContent', () => {
  it('is null where no local header is, and an error outside the archive', () => {
    const [entry] = [...readZipDirectory(archive, 'a.zip')];
    expect(findZipContent(archive, { ...entry!, localOffset: 5 }, 'a.zip')).toBeNull();
    expect(() => findZipContent(archive, { ...entry!, localOffset: 1e6 }, 'a.zip')).toThrow(FileError);
  });
});
