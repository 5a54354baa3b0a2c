// Inflation of zlib and raw deflate streams into memory whose size is known beforehand.
import { FileError } from '@hovernet/core';
import { Inflate } from 'fflate';

/** Deflate cannot compress better than this, so a larger claim is a lie. */
const maxDeflateRatio = 1032;
/** Least and most compressed bytes that are inflated at once. */
const stepBytes = [2 ** 11, 2 ** 16] as const;

/** Most bytes that `compressedSize` bytes can inflate to. */
export function maxInflatedSize(compressedSize: number): number {
  return compressedSize * maxDeflateRatio + 64;
}

export interface InflateOptions {
  /** Names the stream in errors. */
  readonly source: string;
  /** Most bytes that may come out; this much memory is taken, or what deflate can give at most. */
  readonly maxSize: number;
}

/**
 * Inflates `bytes` (`zlib`: with header and checksum; `raw`: without). It stops where more comes out than may.
 * @throws FileError if the stream is damaged, truncated or longer than `maxSize` bytes.
 */
export function inflate(bytes: Uint8Array, format: 'zlib' | 'raw', { source, maxSize }: InflateOptions): Uint8Array {
  const content = new Uint8Array(Math.min(maxSize, maxInflatedSize(bytes.length)));
  let length = 0;
  const stream = new Inflate((chunk) => {
    if (chunk.length > content.length - length) throw new Error(`more than ${maxSize} bytes`);
    content.set(chunk, length);
    length += chunk.length;
  });
  try {
    const packed = format === 'zlib' ? stripZlib(bytes) : bytes;
    // In steps of a 64th of the claim a lie is noticed soon, and the truth is not cut too fine.
    const step = Math.min(Math.max(stepBytes[0], maxSize >>> 6), stepBytes[1]);
    let at = 0;
    do {
      stream.push(packed.subarray(at, at + step), at + step >= packed.length);
      at += step;
    } while (at < packed.length);
    const inflated = content.subarray(0, length);
    if (format === 'zlib' && computeAdler32(inflated) !== readChecksum(bytes)) throw new Error('its checksum differs');
    return inflated;
  } catch (cause) {
    throw damaged(source, cause);
  }
}

/** The first bytes of what the zlib stream `bytes` holds, `count` at least. @throws FileError if it is damaged or shorter. */
export function inflateStart(bytes: Uint8Array, count: number, source: string): Uint8Array {
  let start = new Uint8Array();
  const stream = new Inflate((chunk) => {
    if (start.length < count) start = Uint8Array.from([...start, ...chunk.subarray(0, count)]);
  });
  try {
    const packed = stripZlib(bytes);
    for (let at = 0; start.length < count && at < packed.length; at += stepBytes[0]) {
      stream.push(packed.subarray(at, at + stepBytes[0]));
    }
  } catch (cause) {
    throw damaged(source, cause);
  }
  if (start.length < count) throw damaged(source);
  return start;
}

/** The deflate stream within a zlib stream (RFC 1950). */
function stripZlib(bytes: Uint8Array): Uint8Array {
  const [method = 0, flags = 0] = bytes;
  const isHeader = (method & 15) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0 && (flags & 32) === 0;
  if (bytes.length < 6 || !isHeader) throw new Error('no zlib header');
  return bytes.subarray(2, -4);
}

function readChecksum(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0);
}

function computeAdler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let start = 0; start < bytes.length; start += 3800) {
    // The most additions before the sums could exceed 32 bits.
    const end = Math.min(start + 3800, bytes.length);
    for (let i = start; i < end; i++) high += low += bytes[i]!;
    low %= 65521;
    high %= 65521;
  }
  return ((high << 16) | low) >>> 0;
}

function damaged(source: string, cause?: unknown): FileError {
  return new FileError(source, 'compressed data is damaged or truncated; copy or write the file again', { cause });
}
