// Names and colours of classes for files that do not say them.
import type { NucleusClass } from '@hovernet/core';
import { loadTaxonomy } from '@hovernet/data';

/** The classes of a taxonomy, packaged or in a file; undefined for none. */
export async function readClasses(taxonomy: string | undefined): Promise<readonly NucleusClass[] | undefined> {
  return taxonomy === undefined ? undefined : (await loadTaxonomy(taxonomy)).classes;
}
