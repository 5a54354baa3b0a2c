// Compressed elements of MAT v5 files: a zlib stream each, of one matrix, whose own tag says how long it is.
import { constants, inflateSync } from 'node:zlib';
import { FileError } from '@hovernet/core';
import { inflate } from '../inflate.js';
import type { MatElement, MatElementReader } from './mat5-elements.js';

const tagBytes = 8;
/** Compressed bytes that hold the tag for sure: the tables of a deflate block take about 300. */
const openingBytes = 1024;

/**
 * The element that `element` compresses. What it says of its own length is counted before that much memory is taken.
 * @throws FileError if it is damaged or takes more memory than a file of its size may.
 */
export function inflateElement(element: MatElement, reader: MatElementReader): MatElement {
  const { source, budget, littleEndian } = reader;
  const tag = readOpening(element.bytes, source);
  // A tag with its upper half filled is a small element: the whole of it is eight bytes long.
  const word = tag.getUint32(0, littleEndian);
  const length = word >>> 16 > 0 ? 0 : tag.getUint32(4, littleEndian);
  const maxSize = tagBytes + length + ((8 - (length % 8)) % 8);
  budget.take(maxSize);
  return reader.within(inflate(element.bytes, 'zlib', { source, maxSize })).next();
}

function readOpening(bytes: Uint8Array, source: string): DataView {
  try {
    const opening = inflateSync(bytes.subarray(0, openingBytes), { finishFlush: constants.Z_SYNC_FLUSH });
    if (opening.length >= tagBytes) return new DataView(opening.buffer, opening.byteOffset, tagBytes);
  } catch (cause) {
    throw new FileError(source, 'compressed data is damaged or truncated; copy or write the file again', { cause });
  }
  throw new FileError(source, 'truncated or damaged MAT file; copy or save it again');
}
