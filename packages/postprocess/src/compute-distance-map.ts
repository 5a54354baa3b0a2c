// The landscape that the watershed floods: valleys in the middle of nuclei.
import type { Box, Reference } from '@hovernet/core';
import type { NdArray } from 'ndarray';
import { packForeground, packValues, type Foreground } from './foreground.js';
import { assertPlane, maskElements, planeSize, realElements, wrapPlane, type Float64Map, type Mask } from './planes.js';
import { createGaussianKernel, type GaussianKernelOptions } from './gaussian.js';
import { evenKernel, filterRows, type FoldedKernel } from './separable-filter.js';

/**
 * How the distance map is smoothed: by a Gaussian, or by the middle and right half of any symmetric kernel. MONAI's code takes
 * σ = 1 (`erf`); the instances published with MONAI's test logits were made with `{ sigmaPx: 0.4, approximation: 'sampled' }`,
 * and no one kernel gives both (docs/parity.md#64).
 */
export type DistanceSmoothing = GaussianKernelOptions | ArrayLike<number>;

export interface ComputeDistanceMapOptions {
  /** Default of `smoothing`, and the edge: zeros beyond it for `monai`, reflected for `hover_net`. @default 'monai' */
  readonly reference?: Reference;
  /**
   * Applied in both directions.
   * @default 9 taps of a Gaussian with σ = 1 for `monai`, [½, ¼] for `hover_net`
   */
  readonly smoothing?: DistanceSmoothing | undefined;
}

/** Gives the landscape inside a box of the plane, `[height, width]` of the box in C order. */
export type ReadLandscape = (box: Box) => Float64Array;

const binomial = [0.5, 0.25];

/** `[height, width]`, float64, −1…0: the smoothed negative of how little border each pixel of the mask is. */
export function computeDistanceMap(
  border: NdArray<Float32Array>,
  mask: Mask,
  options: ComputeDistanceMapOptions = {},
): Float64Map {
  const [height, width] = planeSize('computeDistanceMap: mask', mask);
  assertPlane('computeDistanceMap: border', border, height, width);
  const foreground = packForeground(maskElements('computeDistanceMap', mask), height, width);
  const readDistance = createDistanceReader(packValues(foreground, realElements(border)), foreground, options);
  return wrapPlane(readDistance([0, 0, width, height]), height, width);
}

/** {@link computeDistanceMap} where it is needed, from the border of packed pixels. */
export function createDistanceReader(
  border: Float32Array,
  foreground: Foreground,
  { reference, smoothing }: ComputeDistanceMapOptions,
): ReadLandscape {
  const isOriginal = reference === 'hover_net';
  const kernel = createSmoothingKernel(smoothing ?? (isOriginal ? binomial : {}));
  const reach = kernel.half.length - 1;
  const filter = { vertical: kernel, horizontal: kernel, border: isOriginal ? 'reflect' : 'zero' } as const;
  return ([x0, y0, x1, y1]) => {
    // Where the surroundings are cut off, the filter's border falsifies only what is cropped away.
    const [left, top] = [Math.max(0, x0 - reach), Math.max(0, y0 - reach)];
    const right = Math.min(foreground.width, x1 + reach);
    const bottom = Math.min(foreground.height, y1 + reach);
    const [height, width] = [bottom - top, right - left];
    const smoothed = new Float64Array(height * width);
    filterRows(smoothed, (row, y) => readDepth(row, border, foreground, [left, top + y]), [height, width], filter);
    if (height === y1 - y0 && width === x1 - x0) return smoothed;
    const distance = new Float64Array((y1 - y0) * (x1 - x0));
    for (let y = y0; y < y1; y++) {
      const from = (y - top) * width - left;
      distance.set(smoothed.subarray(from + x0, from + x1), (y - y0) * (x1 - x0));
    }
    return distance;
  };
}

function createSmoothingKernel(smoothing: DistanceSmoothing): FoldedKernel {
  return 'length' in smoothing ? evenKernel(smoothing) : createGaussianKernel(smoothing);
}

/** Fills `row` with border − 1 inside, 0 outside, from pixel (left, y) on. */
function readDepth(
  row: Float64Array,
  border: Float32Array,
  { rowOffset, start, end, offset }: Foreground,
  [left, y]: readonly [left: number, y: number],
): void {
  row.fill(0);
  const right = left + row.length;
  const last = rowOffset[y + 1]!;
  for (let run = firstRunBeyond(end, left, rowOffset[y]!, last); run < last && start[run]! < right; run++) {
    const first = Math.max(left, start[run]!);
    const stop = Math.min(right, end[run]!);
    let at = offset[run]! + first - start[run]!;
    for (let x = first; x < stop; x++) row[x - left] = border[at++]! - 1;
  }
}

/** First of the runs [low, high) of a row that ends beyond column `x`. */
function firstRunBeyond(end: Int32Array, x: number, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (end[middle]! > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
