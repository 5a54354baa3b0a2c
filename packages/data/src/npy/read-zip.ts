// The entries of a zip archive: stored or deflated, zip64, checksums verified; memory bounded by the archive's size.
import { crc32 } from 'node:zlib';
import { FileError, UnsupportedError } from '@hovernet/core';
import type { MemoryBudget } from '../files/memory-budget.js';
import { inflate, maxInflatedSize } from '../files/inflate.js';

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly localOffset: number;
  readonly encrypted: boolean;
}

/**
 * Contents of every entry of the zip archive `bytes` by name, in the archive's order.
 * @throws FileError if it is no archive, is damaged, or takes more memory than `budget` has; UnsupportedError for encryption and other compressions.
 */
export function readZip(bytes: Uint8Array, budget: MemoryBudget): Map<string, Uint8Array> {
  const { source } = budget;
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const entries = readEntries(buffer, source);
    const total = entries.reduce((sum, entry) => sum + entry.compressedSize, 0);
    if (total > bytes.length) throw new FileError(source, 'damaged archive: its entries overlap');
    for (const { size, method } of entries) budget.take(method === 0 ? 0 : size);
    return new Map(entries.map((entry) => [entry.name, readContent(buffer, entry, source)]));
  } catch (cause) {
    // A position outside the archive ends in a RangeError of Buffer.
    if (cause instanceof RangeError) throw new FileError(source, 'damaged or truncated archive', { cause });
    throw cause;
  }
}

function readEntries(buffer: Buffer, source: string): ZipEntry[] {
  const end = findEnd(buffer, source);
  let count = buffer.readUInt16LE(end + 10);
  let offset = buffer.readUInt32LE(end + 16);
  if (end >= 20 && buffer.readUInt32LE(end - 20) === locator64Signature) {
    const end64 = Number(buffer.readBigUInt64LE(end - 12));
    if (buffer.readUInt32LE(end64) !== end64Signature) throw new FileError(source, 'damaged archive: no zip64 record');
    count = Number(buffer.readBigUInt64LE(end64 + 32));
    offset = Number(buffer.readBigUInt64LE(end64 + 48));
  }
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (buffer.readUInt32LE(offset) !== entrySignature) throw new FileError(source, 'damaged archive: bad directory');
    entries.push(readEntry(buffer, offset));
    offset +=
      46 + buffer.readUInt16LE(offset + 28) + buffer.readUInt16LE(offset + 30) + buffer.readUInt16LE(offset + 32);
  }
  return entries;
}

function findEnd(buffer: Buffer, source: string): number {
  const lowest = Math.max(0, buffer.length - 22 - 0xffff);
  for (let at = buffer.length - 22; at >= lowest; at--) if (buffer.readUInt32LE(at) === endSignature) return at;
  throw new FileError(source, 'not a zip archive, or truncated; copy or write it again');
}

function readEntry(buffer: Buffer, at: number): ZipEntry {
  const nameEnd = at + 46 + buffer.readUInt16LE(at + 28);
  const extra = buffer.subarray(nameEnd, nameEnd + buffer.readUInt16LE(at + 30));
  const wide = zip64Fields(extra);
  const field = (position: number): number => {
    const value = buffer.readUInt32LE(at + position);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  // The zip64 record holds these three in this order, each only where its 32-bit field is full.
  const size = field(24);
  const compressedSize = field(20);
  const localOffset = field(42);
  return {
    name: buffer.toString('utf8', at + 46, nameEnd),
    method: buffer.readUInt16LE(at + 10),
    checksum: buffer.readUInt32LE(at + 16),
    encrypted: (buffer.readUInt16LE(at + 8) & 1) === 1,
    size,
    compressedSize,
    localOffset,
  };
}

function zip64Fields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const count = Math.floor(extra.readUInt16LE(at + 2) / 8);
    return Array.from({ length: count }, (_, index) => Number(extra.readBigUInt64LE(at + 4 + 8 * index)));
  }
  return [];
}

function readContent(buffer: Buffer, entry: ZipEntry, source: string): Uint8Array {
  const { name, localOffset, compressedSize, size } = entry;
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8)) {
    throw new UnsupportedError(`${source}: entry ${name} is encrypted or not deflated; write it with numpy.savez`);
  }
  if (buffer.readUInt32LE(localOffset) !== localSignature) throw new FileError(source, `entry ${name} is damaged`);
  const start = localOffset + 30 + buffer.readUInt16LE(localOffset + 26) + buffer.readUInt16LE(localOffset + 28);
  const packed = buffer.subarray(start, start + compressedSize);
  if (packed.length < compressedSize || size > maxInflatedSize(compressedSize)) {
    throw new FileError(source, `entry ${name} is truncated or damaged`);
  }
  const content =
    entry.method === 0 ? packed : inflate(packed, 'raw', { source: `${source} (${name})`, maxSize: size });
  if (content.length !== size || crc32(content) !== entry.checksum) {
    throw new FileError(source, `entry ${name} is damaged (its checksum differs); copy or write the file again`);
  }
  return content;
}
