// What can be told of a file's content without reading it as weights.
import { ArgumentError, UnsupportedError } from '@hovernet/core';
import { DownloadError } from './download-error.js';

/** How many bytes {@link assertNoWebPage} looks at. */
export const headBytes = 256;

/**
 * Tells the answer that a person should read (a login, an error) from the file that a program asked for.
 * @throws DownloadError for an empty file and for HTML. `head` is the file's beginning.
 */
export function assertNoWebPage(shown: string, head: Uint8Array): void {
  if (head.length === 0) throw new DownloadError(shown, 'expected weights, got an empty file; check the address');
  const text = new TextDecoder().decode(head.subarray(0, headBytes)).trimStart();
  if (!/^<(!doctype html|html|!--|\?xml)/i.test(text)) return;
  throw new DownloadError(
    shown,
    'expected weights, got a web page; use the address of the file itself, not of its page',
  );
}

/** @throws ArgumentError unless `sha256` is 64 hexadecimal digits. */
export function assertDigest(operation: string, sha256: string | undefined): void {
  if (sha256 === undefined || /^[0-9a-f]{64}$/i.test(sha256)) return;
  throw new ArgumentError(`${operation}: sha256: expected 64 hexadecimal digits, got ${JSON.stringify(sha256)}`);
}

/** Of the bytes, as 64 hexadecimal digits; null in a page that was not loaded by https. */
export async function computeSha256(bytes: Uint8Array): Promise<string | null> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * What is wrong with the digest of `bytes`; undefined where it is right or nobody asks.
 * @throws UnsupportedError in a page that was not loaded by https.
 */
export async function checkSha256(bytes: Uint8Array, sha256: string | undefined): Promise<string | undefined> {
  if (sha256 === undefined) return undefined;
  const actual = await computeSha256(bytes);
  if (actual === null) {
    throw new UnsupportedError('sha256: expected a page loaded by https or from localhost, got another');
  }
  return actual === sha256.toLowerCase() ? undefined : describeDigest(sha256, actual);
}

/** What is wrong with a file of digest `actual`. */
export function describeDigest(expected: string, actual: string): string {
  return `expected sha256 ${expected.toLowerCase()}, got ${actual}; it is another version, or damaged`;
}
