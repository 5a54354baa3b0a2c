// Optical density of an 8-bit level, base 10, and back.

/** −log₁₀((level + 1) / 256): 0 for white, 2.4 for black, and every level comes back exactly. */
export const densities = Float64Array.from({ length: 256 }, (_, level) => -Math.log10((level + 1) / 256));

/** Neither clipped nor rounded: a clamped array does both. */
export function toLevel(density: number): number {
  return 256 * Math.exp(-Math.LN10 * density) - 1;
}
