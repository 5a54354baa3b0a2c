// From the type ids of label files to the classes of a taxonomy.
import { FileError } from '@hovernet/core';
import type { Taxonomy } from './taxonomy.js';

/** Type ids that occur in `types`, ascending, without 0. */
export function listUsedTypes(types: ArrayLike<number>): number[] {
  const used = new Set<number>();
  let last = 0;
  for (let i = 0; i < types.length; i++) {
    const type = types[i]!;
    if (type !== last) used.add((last = type));
  }
  used.delete(0);
  return [...used].sort((a, b) => a - b);
}

/** Throws a FileError naming `source` if one of `usedTypes` is not in the mapping of `taxonomy`. */
export function assertKnownTypes(usedTypes: readonly number[], taxonomy: Taxonomy, source: string): void {
  const unknown = usedTypes.filter((type) => !taxonomy.mapping.has(type));
  if (unknown.length === 0) return;
  const known = [...taxonomy.mapping.keys()].join(', ');
  throw new FileError(
    source,
    `type ids ${unknown.join(', ')} are not in taxonomy ${taxonomy.name} (it maps ${known}); choose another taxonomy`,
  );
}

/**
 * The class of each pixel, for original type ids in `types`. `source` names the label file in errors.
 * @throws FileError if a type id is not in the mapping of `taxonomy`.
 */
export function mapTypes(types: ArrayLike<number>, taxonomy: Taxonomy, source: string): Uint8Array<ArrayBuffer> {
  assertKnownTypes(listUsedTypes(types), taxonomy, source);
  const classes = new Uint8Array(types.length);
  let lastType = 0;
  let lastClass = 0;
  for (let i = 0; i < classes.length; i++) {
    const type = types[i]!;
    if (type !== lastType) {
      lastType = type;
      lastClass = taxonomy.mapping.get(type) ?? 0;
    }
    classes[i] = lastClass;
  }
  return classes;
}

/**
 * Whether labels with just these type ids may have been merged already, so that mapping them again would change them:
 * all ids are class ids, and the mapping moves one of them.
 */
export function mayBeMerged(usedTypes: Iterable<number>, taxonomy: Taxonomy): boolean {
  const types = [...usedTypes];
  const areClasses = types.every((type) => taxonomy.classes.some(({ id }) => id === type));
  return areClasses && types.some((type) => taxonomy.mapping.get(type) !== type);
}
