// The entries of a zip archive, read one at a time: stored or deflated, zip64, checksums verified. Names are never paths here.
import { Inflate } from 'fflate';
import { findZipContent, readZipDirectory, zipMethods as methods, type ZipEntry } from '../../zip/zip-directory.js';
import { FileError, UnsupportedError } from '@hovernet/core';
import type { MemoryBudget } from '../memory-budget.js';
import { computeCrc32 } from './crc32.js';

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
  const entries = new Map<string, ZipEntry>();
  let compressed = 0;
  for (const entry of readZipDirectory(bytes, source)) {
    memory.take(entryBytes + 2 * entry.name.length);
    if (entries.has(entry.name)) throw new FileError(source, `damaged archive: two entries ${quote(entry.name)}`);
    entries.set(entry.name, entry);
    compressed += entry.compressedSize;
  }
  if (compressed > bytes.length) throw new FileError(source, 'damaged archive: its entries overlap');
  return entries;
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
  const start = findZipContent(bytes, entry, source);
  if (start === null) {
    throw new FileError(source, `damaged archive: its entry ${name} is not where the directory says`);
  }
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

function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
