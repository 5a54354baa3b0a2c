// The entries of a zip archive, read one at a time: stored or deflated, zip64, checksums verified. Names are never paths here.
import { Inflate } from 'fflate';
import { FileError, UnsupportedError } from '@hovernet/core';
import type { MemoryBudget } from '../memory-budget.js';
import { computeCrc32 } from './crc32.js';
import {
  centralSignature,
  end64Signature,
  endSignature,
  endSize,
  localSignature,
  locator64Signature,
  methods,
} from './zip-format.js';

/** An entry as the archive's directory describes it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly checksum: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly localOffset: number;
}

/** Deflate cannot compress better than this, so a larger claim is a lie. */
const maximumDeflateRatio = 1032;

/** Least and most compressed bytes that are inflated at once; what comes out is {@link maximumDeflateRatio} times as much at most. */
const inflateSteps = [2 ** 11, 2 ** 16] as const;

/** About what an entry takes in memory, beside its name. */
const entryBytes = 256;

/**
 * Every entry in the directory of the archive `bytes` by name, in its order; what they hold is not looked at.
 * @throws FileError for no archive, a truncated one, entries of one name, or more data than `bytes` has.
 */
export function listZipEntries(bytes: Uint8Array, source: string, memory: MemoryBudget): Map<string, ZipEntry> {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const entries = new Map<string, ZipEntry>();
    let compressed = 0;
    for (const entry of readDirectory(bytes, view, source)) {
      memory.take(entryBytes + 2 * entry.name.length);
      if (entries.has(entry.name)) throw new FileError(source, `damaged archive: two entries ${quote(entry.name)}`);
      entries.set(entry.name, entry);
      compressed += entry.compressedSize;
    }
    if (compressed > bytes.length) throw new FileError(source, 'damaged archive: its entries overlap');
    return entries;
  } catch (cause) {
    throw explain(cause, source);
  }
}

/**
 * The content of `entry` of the archive `bytes`: a view where it is stored, else an array that `memory` is charged for.
 * @throws FileError where it is truncated, damaged or not as long as the directory says; UnsupportedError where it is
 * encrypted or compressed otherwise.
 */
export function readZipEntry(bytes: Uint8Array, entry: ZipEntry, source: string, memory: MemoryBudget): Uint8Array {
  const { method, compressedSize, size, checksum } = entry;
  const name = quote(entry.name);
  if (entry.isEncrypted || (method !== methods.stored && method !== methods.deflated)) {
    throw new UnsupportedError(
      `${source}: expected entries stored or deflated, ${name} is not; write it with torch.save`,
    );
  }
  const start = findContent(bytes, entry, source);
  const packed = bytes.subarray(start, start + compressedSize);
  const isPossible = method === methods.stored ? size === compressedSize : size <= compressedSize * maximumDeflateRatio;
  if (packed.length < compressedSize || !isPossible)
    throw new FileError(source, `its entry ${name} is truncated or damaged`);
  const content = method === methods.stored ? packed : inflate(packed, size, `${source} (${name})`, memory);
  // PyTorch writes 0 where it was told not to compute checksums.
  if (content.length !== size || (checksum !== 0 && computeCrc32(content) !== checksum)) {
    throw new FileError(source, `its entry ${name} is damaged (its checksum differs); copy or write the file again`);
  }
  return content;
}

/** Stops where there is more than the directory says, so that neither memory nor time can grow beyond it. */
function inflate(packed: Uint8Array, size: number, source: string, memory: MemoryBudget): Uint8Array {
  memory.take(size);
  const content = new Uint8Array(size);
  let length = 0;
  const stream = new Inflate((chunk) => {
    if (chunk.length > size - length) throw new Error(`more than ${size} bytes`);
    content.set(chunk, length);
    length += chunk.length;
  });
  try {
    // In steps of a 64th of the claim a lie is noticed soon, and the truth is not cut too fine.
    const step = Math.min(Math.max(inflateSteps[0], size >>> 6), inflateSteps[1]);
    for (let at = 0; at < packed.length; at += step) {
      stream.push(packed.subarray(at, at + step), at + step >= packed.length);
    }
  } catch (cause) {
    throw new FileError(source, 'compressed data is damaged or truncated; copy or write the file again', { cause });
  }
  return content.subarray(0, length);
}

function* readDirectory(bytes: Uint8Array, view: DataView, source: string): Generator<ZipEntry> {
  const end = findEnd(view, source);
  let count = view.getUint16(end + 10, true);
  let offset = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === locator64Signature) {
    const end64 = Number(view.getBigUint64(end - 12, true));
    if (view.getUint32(end64, true) !== end64Signature) throw new FileError(source, 'damaged archive: no zip64 record');
    count = Number(view.getBigUint64(end64 + 32, true));
    offset = Number(view.getBigUint64(end64 + 48, true));
  }
  for (let index = 0; index < count; index++) {
    if (view.getUint32(offset, true) !== centralSignature)
      throw new FileError(source, 'damaged archive: bad directory');
    yield readEntry(bytes, view, offset);
    offset +=
      46 + view.getUint16(offset + 28, true) + view.getUint16(offset + 30, true) + view.getUint16(offset + 32, true);
  }
}

function findEnd(view: DataView, source: string): number {
  const lowest = Math.max(0, view.byteLength - endSize - 0xffff);
  for (let at = view.byteLength - endSize; at >= lowest; at--) if (view.getUint32(at, true) === endSignature) return at;
  throw new FileError(source, 'not a zip archive, or truncated; copy or write it again');
}

function readEntry(bytes: Uint8Array, view: DataView, at: number): ZipEntry {
  const nameEnd = at + 46 + view.getUint16(at + 28, true);
  const wide = readZip64Fields(view, nameEnd, nameEnd + view.getUint16(at + 30, true));
  const field = (position: number): number => {
    const value = view.getUint32(at + position, true);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  // The zip64 record holds these three in this order, each only where its 32-bit field is full.
  const size = field(24);
  const compressedSize = field(20);
  const localOffset = field(42);
  return {
    name: new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)),
    method: view.getUint16(at + 10, true),
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    checksum: view.getUint32(at + 16, true),
    compressedSize,
    size,
    localOffset,
  };
}

function readZip64Fields(view: DataView, start: number, end: number): number[] {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const count = Math.floor(view.getUint16(at + 2, true) / 8);
    return Array.from({ length: Math.min(count, 3) }, (_, index) =>
      Number(view.getBigUint64(at + 4 + 8 * index, true)),
    );
  }
  return [];
}

function findContent(bytes: Uint8Array, { name, localOffset }: ZipEntry, source: string): number {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (view.getUint32(localOffset, true) !== localSignature) {
      throw new FileError(source, `damaged archive: its entry ${quote(name)} is not where the directory says`);
    }
    return localOffset + 30 + view.getUint16(localOffset + 26, true) + view.getUint16(localOffset + 28, true);
  } catch (cause) {
    throw explain(cause, source);
  }
}

/** A position outside the archive ends in a RangeError of DataView. */
function explain(cause: unknown, source: string): unknown {
  return cause instanceof RangeError ? new FileError(source, 'damaged or truncated archive', { cause }) : cause;
}

function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
