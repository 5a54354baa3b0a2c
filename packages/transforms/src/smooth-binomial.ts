// Gaussian blur as the original repository's training has it: binomial kernels of 1, 3 or 5 pixels, in whole numbers.
import { ArgumentError, assertRgbImage, createRgbImage, toContiguous, type RgbImage } from '@hovernet/core';

/** Side of a kernel in pixels; 1 changes nothing. */
export type BinomialSize = 1 | 3 | 5;

export interface BinomialOptions {
  /** Along the rows' axis (vertically). */
  readonly rowsPx: BinomialSize;
  /** Along the columns' axis (horizontally). */
  readonly columnsPx: BinomialSize;
}

/** Weights and the power of two that is their sum: OpenCV's Gaussian kernels where no standard deviation is given. */
const kernels = {
  1: { taps: Int32Array.of(1), bits: 0 },
  3: { taps: Int32Array.of(1, 2, 1), bits: 2 },
  5: { taps: Int32Array.of(1, 4, 6, 4, 1), bits: 4 },
} as const;

/**
 * Blurs each channel; the edge is repeated outside. Exact sums, rounded once, halves up. O(pixels).
 *
 * @throws ShapeError unless `image` is RGB, ArgumentError unless both sizes are 1, 3 or 5.
 */
export function smoothBinomial(image: RgbImage, options: BinomialOptions): RgbImage {
  assertRgbImage('smoothBinomial', image);
  const rows = findKernel(options.rowsPx);
  const columns = findKernel(options.columnsPx);
  const [height, width] = image.shape as [number, number];
  const source = toContiguous(image);
  const output = new Uint8Array(source.length);
  const stride = width * 3;
  const rowTail = rows.taps.length >> 1;
  const columnTail = columns.taps.length >> 1;
  const margin = columnTail * 3;
  // One row blurred vertically, with its first and last pixel repeated outside.
  const line = new Int32Array(stride + 2 * margin);
  const bits = rows.bits + columns.bits;
  const half = (1 << bits) >> 1;
  for (let row = 0; row < height; row++) {
    line.fill(0);
    for (let tap = 0; tap < rows.taps.length; tap++) {
      const from = Math.min(Math.max(row + tap - rowTail, 0), height - 1) * stride;
      const weight = rows.taps[tap]!;
      for (let i = 0; i < stride; i++) line[margin + i]! += weight * source[from + i]!;
    }
    for (let i = 0; i < margin; i++) {
      line[i] = line[margin + (i % 3)]!;
      line[margin + stride + i] = line[margin + stride - 3 + (i % 3)]!;
    }
    for (let i = 0, t = row * stride; i < stride; i++, t++) {
      let sum = half;
      for (let tap = 0, l = i; tap < columns.taps.length; tap++, l += 3) sum += columns.taps[tap]! * line[l]!;
      output[t] = sum >> bits;
    }
  }
  return createRgbImage(height, width, output);
}

function findKernel(sizePx: BinomialSize): (typeof kernels)[BinomialSize] {
  if (!Object.hasOwn(kernels, sizePx)) {
    throw new ArgumentError(`smoothBinomial: expected a kernel of 1, 3 or 5 pixels, got ${String(sizePx)}`);
  }
  return kernels[sizePx];
}
