// Resolutions that a microscope can have; files state others where nobody measured.

/** Micrometres per pixel along x and y, or null where either is no number from 0.05 to 10. */
export function toMpp(x: number, y = x): readonly [x: number, y: number] | null {
  const isPlausible = (mpp: number) => mpp >= 0.05 && mpp <= 10;
  return isPlausible(x) && isPlausible(y) ? [x, y] : null;
}
