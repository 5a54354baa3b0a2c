// The entries of a zip archive, read one at a time: stored or deflated, zip64, checksums verified. Names are never paths here.
import { FileError, UnsupportedError } from '@hovernet/core';
import { computeCrc32 } from '../crc32.js';
import { inflate, maxInflatedSize } from '../inflate.js';
import { findZipContent, readZipDirectory, zipMethods as methods, type ZipEntry } from './zip-directory.js';

/** Counts what is about to be allocated, and throws where it is too much. */
interface Memory {
  take(bytes: number): void;
}

/** About what an entry takes in memory, beside its name. */
const entryBytes = 256;

/**
 * Every entry in the directory of the archive `bytes` by name, in its order; what they hold is not looked at.
 * @throws FileError for no archive, a truncated one, entries of one name, or more data than `bytes` has.
 */
export function listZipEntries(bytes: Uint8Array, source: string, memory: Memory): Map<string, ZipEntry> {
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

/** How {@link readZipEntry} reads. */
export interface ReadEntryOptions {
  /** Names the archive in errors. */
  readonly source: string;
  readonly memory: Memory;
  /** Whether a checksum of 0 stands for none, as PyTorch writes where it computes none. @default false */
  readonly mayLackChecksum?: boolean;
}

/**
 * The content of `entry` of the archive `bytes`: a view where it is stored, else an array that `memory` is charged for.
 * @throws FileError where it is truncated, damaged or not as long as the directory says; UnsupportedError where it is
 * encrypted or compressed otherwise.
 */
export function readZipEntry(bytes: Uint8Array, entry: ZipEntry, options: ReadEntryOptions): Uint8Array {
  const { source, memory, mayLackChecksum = false } = options;
  const { method, compressedSize, size, checksum } = entry;
  const name = quote(entry.name);
  if (entry.isEncrypted || (method !== methods.stored && method !== methods.deflated)) {
    throw new UnsupportedError(
      `${source}: expected entries stored or deflated, ${name} is not; write it with numpy.savez or torch.save`,
    );
  }
  const start = findZipContent(bytes, entry, source);
  if (start === null) {
    throw new FileError(source, `damaged archive: its entry ${name} is not where the directory says`);
  }
  const packed = bytes.subarray(start, start + compressedSize);
  const isPossible = method === methods.stored ? size === compressedSize : size <= maxInflatedSize(compressedSize);
  if (packed.length < compressedSize || !isPossible)
    throw new FileError(source, `its entry ${name} is truncated or damaged`);
  let content = packed;
  if (method === methods.deflated) {
    memory.take(size);
    content = inflate(packed, 'raw', { source: `${source} (${entry.name})`, maxSize: size });
  }
  const isChecked = checksum !== 0 || !mayLackChecksum;
  if (content.length !== size || (isChecked && computeCrc32(content) !== checksum)) {
    throw new FileError(source, `its entry ${name} is damaged (its checksum differs); copy or write the file again`);
  }
  return content;
}

function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
