// Compressed elements of MAT v5 files: a zlib stream each, of one matrix, whose own tag says how long it is.
import { inflate, inflateStart } from '../inflate.js';
import type { MatElement, MatElementReader } from './mat5-elements.js';

const tagBytes = 8;

/**
 * The element that `element` compresses. What it says of its own length is counted before that much memory is taken.
 * @throws FileError if it is damaged or takes more memory than a file of its size may.
 */
export function inflateElement(element: MatElement, reader: MatElementReader): MatElement {
  const { source, budget, littleEndian } = reader;
  const start = inflateStart(element.bytes, tagBytes, source);
  const tag = new DataView(start.buffer, start.byteOffset, tagBytes);
  // A tag with its upper half filled is a small element: the whole of it is eight bytes long.
  const word = tag.getUint32(0, littleEndian);
  const length = word >>> 16 > 0 ? 0 : tag.getUint32(4, littleEndian);
  const maxSize = tagBytes + length + ((8 - (length % 8)) % 8);
  budget.take(maxSize);
  return reader.within(inflate(element.bytes, 'zlib', { source, maxSize })).next();
}
