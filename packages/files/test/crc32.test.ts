import { expect, it } from 'vitest';
import { computeCrc32 } from '../src/crc32.js';

it('gives the published check value', () => {
  expect(computeCrc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

it('gives the same for any length and alignment as bit by bit', () => {
  const bytes = Uint8Array.from({ length: 70 }, (_, i) => (i * 167 + 13) & 255);
  for (let start = 0; start < 9; start++) {
    for (let end = start; end < bytes.length; end++) {
      const part = bytes.subarray(start, end);
      expect(computeCrc32(part)).toBe(computeBitByBit(part));
    }
  }
});

function computeBitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
