// How a taxonomy merges the types of labels.
import { loadTaxonomy } from '@hovernet/data';

/** Maps a stored type to that of the taxonomy, and types that it does not know to themselves; without one, every type. */
export async function readMapping(taxonomy: string | undefined): Promise<(type: number) => number> {
  if (taxonomy === undefined) return (type) => type;
  const { mapping } = await loadTaxonomy(taxonomy);
  return (type) => mapping.get(type) ?? type;
}
