// Classes of files that only name or number them.
import type { NucleusClass } from '@hovernet/core';

/** Told apart by colour-blind readers too (Okabe and Ito, 2008). */
const colors: readonly NucleusClass['color'][] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
];

/** The names that occur, in their order, as classes 1, 2, … */
export function numberClasses(
  named: readonly { readonly name: string | null; readonly color?: NucleusClass['color'] | null }[],
): NucleusClass[] {
  const classes = new Map<string, NucleusClass>();
  for (const { name, color } of named) {
    if (name === null || classes.has(name)) continue;
    const id = classes.size + 1;
    classes.set(name, { id, name, color: color ?? colors[(id - 1) % colors.length]! });
  }
  return [...classes.values()];
}

/** Classes 1 to `count`, called `type 1`, `type 2`, … */
export function nameTypes(count: number): NucleusClass[] {
  return numberClasses(Array.from({ length: count }, (_, index) => ({ name: `type ${index + 1}` })));
}
