// What this package's tests share: fixtures, temporary folders, damaged copies of files, digests.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HovernetError } from '@hovernet/core';
import { workspacePath } from '@hovernet/testing';
import fc from 'fast-check';
import { onTestFinished } from 'vitest';
import type { NumericArray } from '../src/index.js';

/** The CC0 sample data set of the repository. */
export const samples = workspacePath('samples/nucls');

export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)), 'utf8')) as T;
}

export function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hovernet-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function sha256(bytes: NodeJS.ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .digest('hex');
}

export function toPlain(array: NumericArray): { dtype: string; shape: number[]; numbers: number[] } {
  return { dtype: array.dtype, shape: [...array.shape], numbers: Array.from(array.data, Number) };
}

/** Copies of `bytes` with bytes overwritten, cut off or put in. */
export function damagedCopies(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const position = fc.nat({ max: bytes.length - 1 });
  const overwrite = fc.array(fc.tuple(position, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 });
  return fc.oneof(
    overwrite.map((changes) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    }),
    position.map((end) => bytes.slice(0, end)),
    fc
      .tuple(position, fc.uint8Array({ minLength: 1, maxLength: 16 }))
      .map(([at, extra]) => Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)])),
  );
}

/** Calls `decode`; an error on purpose is a fine answer, any other is thrown on. */
export function acceptHovernetErrors(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof HovernetError)) throw error;
  }
}
