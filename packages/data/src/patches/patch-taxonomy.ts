// Which classes the type maps of prepared patches hold: recorded beside them, and compared before they are used.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, type NucleusClass } from '@hovernet/core';
import { readFileBytes } from '@hovernet/files/node';
import { parseTaxonomy, type Taxonomy } from '../layout/taxonomy.js';
import { patchTaxonomyName } from './patch-format.js';
import { writePreparedFile } from './write-tile.js';

/** The classes of prepared patches. */
export interface PatchTaxonomy extends Pick<Taxonomy, 'name' | 'classes' | 'mpp'> {
  /** Digest of ids and names of the classes. */
  readonly hash: string;
}

/** What patches are to be used with. */
export interface ExpectedClasses {
  /** Ids 1…n in this order. */
  readonly classes: readonly NucleusClass[];
  /** Where these classes come from, for messages: `taxonomy consep`, the path of weights. */
  readonly origin: string;
  /** What to change where they differ. */
  readonly remedy: string;
}

/** Writes the record of `taxonomy` into a phase's folder. */
export async function writePatchTaxonomy(folder: string, { name, classes, mpp, source }: Taxonomy): Promise<void> {
  const mapping = Object.fromEntries(classes.map(({ id }) => [id, id]));
  const record = { name, source, mpp, hash: hashClasses(classes), classes, mapping };
  await writePreparedFile(join(folder, patchTaxonomyName), `${JSON.stringify(record, null, 1)}\n`);
}

/**
 * The classes of the patches in `{folder}/{phase}`; null where nobody recorded them, as in folders of the MONAI bundle.
 * @throws FileError for a damaged record.
 */
export async function readPatchTaxonomy(folder: string, phase: string): Promise<PatchTaxonomy | null> {
  const path = join(folder, phase, patchTaxonomyName);
  if (!existsSync(path)) return null;
  const { name, classes, mpp } = parseTaxonomy(new TextDecoder().decode(await readFileBytes(path)), path);
  return { name, classes, mpp, hash: hashClasses(classes) };
}

/**
 * The record of `{folder}/{phase}`, as {@link readPatchTaxonomy}.
 * @throws FileError where the patches hold other classes than `expected`.
 */
export async function checkPatchClasses(
  folder: string,
  phase: string,
  { classes, origin, remedy }: ExpectedClasses,
): Promise<PatchTaxonomy | null> {
  const record = await readPatchTaxonomy(folder, phase);
  if (record === null || hashClasses(classes) === record.hash) return record;
  const problem =
    `its types are those of taxonomy ${record.name} (${listNames(record.classes)}), ` +
    `but ${origin} has ${listNames(classes)}; ${remedy}`;
  throw new FileError(join(folder, phase), problem);
}

function listNames(classes: readonly NucleusClass[]): string {
  return classes.map(({ id, name }) => `${id} ${name}`).join(', ') || 'no classes';
}

function hashClasses(classes: readonly NucleusClass[]): string {
  const names = JSON.stringify(classes.map(({ id, name }) => [id, name]));
  return `sha256:${createHash('sha256').update(names).digest('hex')}`;
}
