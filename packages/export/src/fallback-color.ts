import type { NucleusClass } from '@hovernet/core';

/** Colour of nuclei without a type, or of a type that is not among the classes. */
export const fallbackColor: NucleusClass['color'] = [0, 255, 0];
