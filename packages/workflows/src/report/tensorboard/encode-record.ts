// One record of a TFRecord file: length, checksum of the length, data, checksum of the data; little-endian.
import { crc32c } from './crc32c.js';

const maskDelta = 0xa282ead8;
const [lengthBytes, checksumBytes] = [8, 4];

/** The record that holds `data`. */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(lengthBytes + checksumBytes + data.length + checksumBytes);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(lengthBytes, mask(crc32c(record.subarray(0, lengthBytes))), true);
  record.set(data, lengthBytes + checksumBytes);
  view.setUint32(lengthBytes + checksumBytes + data.length, mask(crc32c(data)), true);
  return record;
}

/** Checksums are stored rotated and shifted, because data may hold checksums itself. */
function mask(checksum: number): number {
  return (((checksum >>> 15) | (checksum << 17)) + maskDelta) >>> 0;
}
