// Finds the reference results and data sets that parity tests compare with; they are not part of this repository.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNpy, readNpz, type NumpyArray } from './numpy.js';

const workspaceRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Folder with `golden/` and `data/`: HOVERNET_REFERENCE, or `shared` beside the repository. */
export const referenceRoot = process.env['HOVERNET_REFERENCE'] ?? resolve(workspaceRoot, '../shared');

/** Absolute path of a file that belongs to this repository, from its root. */
export function workspacePath(...parts: string[]): string {
  return join(workspaceRoot, ...parts);
}

/** Absolute path of reference data, for example `referencePath('golden/losses/losses.json')`. */
export function referencePath(path: string): string {
  return join(referenceRoot, path);
}

/**
 * Whether the reference data at `path` is here. Use it as `describe.skipIf(!hasReference('golden/losses'))`; the first
 * miss of a path is said on standard error, so that a skipped test does not look like a passed one.
 */
export function hasReference(path: string): boolean {
  if (existsSync(referencePath(path))) return true;
  process.stderr.write(`skipped: reference data ${path} is not here (set HOVERNET_REFERENCE)\n`);
  return false;
}

/** Parsed JSON; the strings "NaN", "Infinity" and "-Infinity" become numbers. */
export function readReferenceJson<T>(path: string): T {
  const special: Record<string, number> = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity };
  return JSON.parse(readFileSync(referencePath(path), 'utf8'), (_key, value: unknown) =>
    typeof value === 'string' && value in special ? special[value] : value,
  ) as T;
}

/** One .npy array of the reference data. */
export function readReferenceNpy(path: string): NumpyArray {
  return readNpy(readFileSync(referencePath(path)));
}

/** All arrays of an .npz of the reference data. */
export function readReferenceNpz(path: string): Record<string, NumpyArray> {
  return readNpz(readFileSync(referencePath(path)));
}
