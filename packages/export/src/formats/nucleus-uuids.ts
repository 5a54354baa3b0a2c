// Identifiers of nuclei that no other image's nuclei have.
import type { SegmentedImage } from '@hovernet/core';
import type { ResultOrigin } from './format.js';

/**
 * UUIDs (version 8, RFC 9562) by id: of the same image, weights and options they are the same. The first twelve bytes are a hash of
 * all that; the last four are the id.
 */
export async function createNucleusUuids(
  { width, height, mpp, classes, nuclei }: SegmentedImage,
  { name, provenance }: ResultOrigin,
): Promise<(id: number) => string> {
  const job = JSON.stringify([name, width, height, mpp, classes, nuclei.count, provenance]);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(job))).subarray(0, 12);
  hash[6] = 0x80 | (hash[6]! & 0x0f);
  hash[8] = 0x80 | (hash[8]! & 0x3f);
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const start = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return (id) => start + id.toString(16).padStart(8, '0');
}
