import type { SlideLevel } from '../slide-reader.js';

/** The smallest level that is not coarser than wanted; a hundredth more or less is rounding. */
export function chooseLevel(levels: readonly SlideLevel[], [width, height]: readonly [number, number]): number {
  const fine = levels.filter((level) => level.width >= 0.99 * width && level.height >= 0.99 * height);
  return fine.length === 0 ? 0 : levels.indexOf(fine.at(-1)!);
}
