// Median of each channel. For 3×3 every column of three is sorted once and shared by the three squares it belongs to.
import { ArgumentError, assertRgbImage, createRgbImage, toContiguous, type RgbImage } from '@hovernet/core';

export interface MedianOptions {
  /**
   * Side of the square in pixels, odd; 1 changes nothing.
   * @default 3
   */
  readonly sizePx?: number;
}

/**
 * Median of the square around each value, channel by channel; the edge is repeated outside. As MONAI's MedianSmooth of
 * radius 1 by default. O(pixels · size).
 *
 * @throws ShapeError unless `image` is RGB, ArgumentError unless the size is odd.
 */
export function filterMedian(image: RgbImage, options: MedianOptions = {}): RgbImage {
  const { sizePx = 3 } = options;
  assertRgbImage('filterMedian', image);
  if (!(Number.isInteger(sizePx) && sizePx > 0 && sizePx % 2 === 1)) {
    throw new ArgumentError(`filterMedian: expected an odd size in pixels, got ${sizePx}`);
  }
  const [height, width] = image.shape as [number, number];
  const source = toContiguous(image);
  const output = sizePx === 3 ? medianOfNine(source, height, width) : runningMedian(source, height, width, sizePx >> 1);
  return createRgbImage(height, width, output);
}

function medianOfNine(source: Uint8Array, height: number, width: number): Uint8Array {
  const output = new Uint8Array(source.length);
  const stride = width * 3;
  // Sorted columns of the current three rows, with the first and last column repeated outside.
  const low = new Uint8Array(stride + 6);
  const middle = new Uint8Array(stride + 6);
  const high = new Uint8Array(stride + 6);
  for (let row = 0; row < height; row++) {
    const above = Math.max(row - 1, 0) * stride;
    const here = row * stride;
    const below = Math.min(row + 1, height - 1) * stride;
    for (let i = 0; i < stride; i++) {
      const a = source[above + i]!;
      const b = source[here + i]!;
      const c = source[below + i]!;
      low[i + 3] = smaller(smaller(a, b), c);
      middle[i + 3] = median(a, b, c);
      high[i + 3] = larger(larger(a, b), c);
    }
    for (const line of [low, middle, high]) {
      line.copyWithin(0, 3, 6);
      line.copyWithin(stride + 3, stride, stride + 3);
    }
    for (let i = 0; i < stride; i++) {
      const largestLow = larger(larger(low[i]!, low[i + 3]!), low[i + 6]!);
      const medianMiddle = median(middle[i]!, middle[i + 3]!, middle[i + 6]!);
      const smallestHigh = smaller(smaller(high[i]!, high[i + 3]!), high[i + 6]!);
      output[here + i] = median(largestLow, medianMiddle, smallestHigh);
    }
  }
  return output;
}

function median(a: number, b: number, c: number): number {
  return larger(smaller(a, b), smaller(larger(a, b), c));
}

/** Smaller of two small integers without a branch, which random pixels would make the processor mispredict. */
function smaller(a: number, b: number): number {
  return b + ((a - b) & ((a - b) >> 31));
}

function larger(a: number, b: number): number {
  return a - ((a - b) & ((a - b) >> 31));
}

/**
 * `source` and result: interleaved RGB, `height` rows of `width` pixels. Median of the square of `2·radiusPx + 1` pixels
 * around each value, channel by channel; the edge is repeated outside. O(pixels · radius).
 */
function runningMedian(source: Uint8Array, height: number, width: number, radiusPx: number): Uint8Array {
  const output = new Uint8Array(source.length);
  const side = 2 * radiusPx + 1;
  const rank = (side * side) >> 1;
  const counts = new Uint32Array(256);
  const rowStarts = new Int32Array(side);
  for (let row = 0; row < height; row++) {
    for (let k = 0; k < side; k++) rowStarts[k] = clamp(row + k - radiusPx, height) * width * 3;
    for (let channel = 0; channel < 3; channel++) {
      counts.fill(0);
      // The median so far, and how many values of the square are below it.
      let median = 0;
      let below = 0;
      const count = (column: number, step: 1 | -1) => {
        const at = clamp(column, width) * 3 + channel;
        for (let k = 0; k < side; k++) {
          const value = source[rowStarts[k]! + at]!;
          counts[value]! += step;
          if (value < median) below += step;
        }
      };
      for (let column = -radiusPx; column < radiusPx; column++) count(column, 1);
      for (let column = 0; column < width; column++) {
        count(column + radiusPx, 1);
        while (below > rank) below -= counts[--median]!;
        while (below + counts[median]! <= rank) below += counts[median++]!;
        output[(row * width + column) * 3 + channel] = median;
        count(column - radiusPx, -1);
      }
    }
  }
  return output;
}

function clamp(index: number, length: number): number {
  return index < 0 ? 0 : index < length ? index : length - 1;
}
