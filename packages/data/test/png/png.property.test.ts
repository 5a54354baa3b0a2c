import { crc32 } from 'node:zlib';
import { createRgbImage } from '@hovernet/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { decodePng, encodePng } from '../../src/index.js';
import { acceptHovernetErrors, damagedCopies } from '../helpers.js';

const image = encodePng(
  createRgbImage(
    6,
    5,
    Uint8Array.from({ length: 90 }, (_, i) => (i * 37) % 256),
  ),
);

describe('decodePng', () => {
  it('answers damaged files with an error that says so, or an image', () => {
    fc.assert(
      fc.property(damagedCopies(image), (bytes) => acceptHovernetErrors(() => decodePng(bytes, 'a.png'))),
      { numRuns: 500 },
    );
  });

  it('does so also where the checksums fit the damage', () => {
    fc.assert(
      fc.property(damagedCopies(image), (bytes) =>
        acceptHovernetErrors(() => decodePng(repairChecksums(bytes), 'a.png')),
      ),
      { numRuns: 500 },
    );
  });
});

function repairChecksums(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes);
  for (let at = 8; at + 12 <= buffer.length;) {
    const end = at + 12 + buffer.readUInt32BE(at);
    if (end > buffer.length) break;
    buffer.writeUInt32BE(crc32(buffer.subarray(at + 4, end - 4)), end - 4);
    at = end;
  }
  return buffer;
}
