// IEEE 754 half precision (float16) to float32 and back, as bit patterns: 11 significant bits, 2⁻²⁴ to 65,504.

const SIGN = 0x8000;
const INFINITE = 0x7c00;
/** float32 patterns, without their sign, of 2⁻¹⁴ and 2¹⁶: between them a half has all of its bits. */
const SMALLEST_NORMAL = 0x38800000;
const BEYOND_LARGEST = 0x47800000;
/** What the exponents' biases, 127 and 15, differ by, as a float32 pattern. */
const REBIAS = 0x38000000;

/** The values that half-precision bit patterns stand for; exact. */
export function decodeHalfFloats(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const sign = half & SIGN;
    const magnitude = half & ~SIGN;
    if (magnitude >= INFINITE) bits[i] = (sign << 16) | 0x7f800000 | ((magnitude & 1023) << 13);
    else if (magnitude >= 1024) bits[i] = (sign << 16) | ((magnitude << 13) + REBIAS);
    else values[i] = (sign ? -magnitude : magnitude) * 2 ** -24;
  }
  return values;
}

/**
 * Half-precision bit patterns of `values`, rounded to nearest, ties to even: what is 65,520 or more becomes infinite, what
 * is 2⁻²⁵ or less zero.
 */
export function encodeHalfFloats(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) {
    const word = bits[i]!;
    const magnitude = word & 0x7fffffff;
    const isNormal = magnitude >= SMALLEST_NORMAL && magnitude < BEYOND_LARGEST;
    // 13 bits go: half of their range is added before, less one where the bit that stays is even.
    const half = isNormal ? (magnitude - REBIAS + 0xfff + ((magnitude >>> 13) & 1)) >>> 13 : encodeUnusual(magnitude);
    halves[i] = ((word >>> 16) & SIGN) | half;
  }
  return halves;
}

/** Too small for all bits, too large, or no number. */
function encodeUnusual(magnitude: number): number {
  if (magnitude >= BEYOND_LARGEST) return magnitude > 0x7f800000 ? INFINITE | 0x200 : INFINITE;
  // The significand in units of 2⁻²⁴, of which it may have less than one.
  const shift = 126 - (magnitude >>> 23);
  if (shift > 24) return 0;
  const significand = (magnitude & 0x7fffff) | 0x800000;
  const kept = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return rest > tie || (rest === tie && (kept & 1) === 1) ? kept + 1 : kept;
}
