// What this package's tests share: fixtures, temporary folders, digests.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workspacePath } from '@hovernet/testing';
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
  const folder = mkdtempSync(join(tmpdir(), 'hovernet-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function toPlain(array: NumericArray): { dtype: string; shape: number[]; numbers: number[] } {
  return { dtype: array.dtype, shape: [...array.shape], numbers: Array.from(array.data, Number) };
}
