// Inflation of zlib and raw deflate streams with memory bounded by the compressed size.
import { inflateRawSync, inflateSync } from 'node:zlib';
import { FileError } from '@hovernet/core';

/** Deflate cannot compress better than this, so a larger claim is a lie. */
export const maxDeflateRatio = 1032;

/** Most bytes that `compressedSize` bytes can inflate to. */
export function maxInflatedSize(compressedSize: number): number {
  return compressedSize * maxDeflateRatio + 64;
}

/**
 * Inflates `bytes` (`zlib`: with header and checksum; `raw`: without).
 * @throws FileError naming `source` if the stream is damaged, truncated or longer than `maxSize` bytes.
 */
export function inflate(
  bytes: Uint8Array,
  format: 'zlib' | 'raw',
  options: { source: string; maxSize?: number },
): Uint8Array {
  const maxOutputLength = Math.max(1, Math.min(options.maxSize ?? Infinity, maxInflatedSize(bytes.length), 2 ** 32));
  try {
    return format === 'zlib' ? inflateSync(bytes, { maxOutputLength }) : inflateRawSync(bytes, { maxOutputLength });
  } catch (cause) {
    throw new FileError(options.source, 'compressed data is damaged or truncated; copy or write the file again', {
      cause,
    });
  }
}
