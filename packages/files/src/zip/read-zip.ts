// The entries of a zip archive: stored or deflated, zip64, checksums verified; memory bounded by the archive's size.
import { crc32 } from 'node:zlib';
import { findZipContent, readZipDirectory, zipMethods, type ZipEntry } from './zip-directory.js';
import { FileError, UnsupportedError } from '@hovernet/core';
import type { MemoryBudget } from '../memory-budget.js';
import { inflate, maxInflatedSize } from '../inflate.js';

/**
 * Contents of every entry of the zip archive `bytes` by name, in the archive's order.
 * @throws FileError if it is no archive, is damaged, or takes more memory than `budget` has; UnsupportedError for encryption and other compressions.
 */
export function readZip(bytes: Uint8Array, budget: MemoryBudget): Map<string, Uint8Array> {
  const { source } = budget;
  const entries = [...readZipDirectory(bytes, source)];
  const total = entries.reduce((sum, entry) => sum + entry.compressedSize, 0);
  if (total > bytes.length) throw new FileError(source, 'damaged archive: its entries overlap');
  for (const { size, method } of entries) budget.take(method === zipMethods.stored ? 0 : size);
  return new Map(entries.map((entry) => [entry.name, readContent(bytes, entry, source)]));
}

function readContent(bytes: Uint8Array, entry: ZipEntry, source: string): Uint8Array {
  const { name, method, compressedSize, size } = entry;
  if (entry.isEncrypted || (method !== zipMethods.stored && method !== zipMethods.deflated)) {
    throw new UnsupportedError(`${source}: entry ${name} is encrypted or not deflated; write it with numpy.savez`);
  }
  const start = findZipContent(bytes, entry, source);
  if (start === null) throw new FileError(source, `entry ${name} is damaged`);
  const packed = bytes.subarray(start, start + compressedSize);
  if (packed.length < compressedSize || size > maxInflatedSize(compressedSize)) {
    throw new FileError(source, `entry ${name} is truncated or damaged`);
  }
  const content =
    method === zipMethods.stored ? packed : inflate(packed, 'raw', { source: `${source} (${name})`, maxSize: size });
  if (content.length !== size || crc32(content) !== entry.checksum) {
    throw new FileError(source, `entry ${name} is damaged (its checksum differs); copy or write the file again`);
  }
  return content;
}
