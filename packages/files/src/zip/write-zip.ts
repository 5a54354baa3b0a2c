// Zip archives with deflated entries.
import { crc32 } from 'node:zlib';
import { UnsupportedError } from '@hovernet/core';

/** An entry whose content is deflated already. */
export interface DeflatedEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** `content` as a raw deflate stream. */
  readonly deflated: Uint8Array;
}

const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endSignature = 0x06054b50;
const version = 20;
const utf8NameFlag = 0x0800;
const deflateMethod = 8;
/** 1 January 1980, the earliest date that zip can say: a fixed one keeps the bytes reproducible. */
const date = (1 << 5) | 1;
const limit = 2 ** 32 - 1;

/**
 * The bytes of a zip archive of `entries`, in this order.
 * @throws UnsupportedError from 4 GiB or 65,535 entries on, which would need zip64.
 */
export function encodeZip(entries: readonly DeflatedEntry[]): Uint8Array<ArrayBuffer> {
  const names = entries.map(({ name }) => Buffer.from(name));
  const directoryStart = entries.reduce((at, { deflated }, i) => at + 30 + names[i]!.length + deflated.length, 0);
  const total = names.reduce((at, name) => at + 46 + name.length, directoryStart) + 22;
  if (total > limit || entries.length >= 0xffff || entries.some(({ content }) => content.length > limit)) {
    throw new UnsupportedError('zip: archives of 4 GiB or 65,535 entries are not supported; write several files');
  }
  const archive = Buffer.alloc(total);
  let offset = 0;
  let directoryOffset = directoryStart;
  for (const [index, entry] of entries.entries()) {
    const name = names[index]!;
    const facts = describeEntry(entry, name.length);
    archive.writeUInt32LE(localSignature, offset);
    archive.set(facts, offset + 4);
    archive.set(name, offset + 30);
    archive.set(entry.deflated, offset + 30 + name.length);
    archive.writeUInt32LE(entrySignature, directoryOffset);
    archive.writeUInt16LE(version, directoryOffset + 4);
    archive.set(facts, directoryOffset + 6);
    archive.writeUInt32LE(offset, directoryOffset + 42);
    archive.set(name, directoryOffset + 46);
    offset += 30 + name.length + entry.deflated.length;
    directoryOffset += 46 + name.length;
  }
  archive.writeUInt32LE(endSignature, directoryOffset);
  archive.writeUInt16LE(entries.length, directoryOffset + 8);
  archive.writeUInt16LE(entries.length, directoryOffset + 10);
  archive.writeUInt32LE(directoryOffset - directoryStart, directoryOffset + 12);
  archive.writeUInt32LE(directoryStart, directoryOffset + 16);
  return new Uint8Array(archive.buffer, archive.byteOffset, archive.length);
}

/** The 26 bytes that an entry's local header and its line in the directory share. */
function describeEntry({ content, deflated }: DeflatedEntry, nameLength: number): Buffer {
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(version, 0);
  facts.writeUInt16LE(utf8NameFlag, 2);
  facts.writeUInt16LE(deflateMethod, 4);
  facts.writeUInt16LE(date, 8);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(deflated.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(nameLength, 22);
  return facts;
}
